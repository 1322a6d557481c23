"""The columns of a customers or contacts file, and the names that programs give them."""

from crm_core.importing.fields import Field
from crm_core.importing.order_fields import ORDER_FIELDS

__all__ = ["PEOPLE_FIELDS"]

OF_ORDERS = {field.name: field for field in ORDER_FIELDS}
PEOPLE_FIELDS = (
    Field("customer_id", "Customer number", (*OF_ORDERS["customer_id"].synonyms, *(
        "id recordid contactnumber accountnumber accountno usernumber nummer kontonummer 编号 会员号 id号".split()))),
    Field("email", "E-mail", (*OF_ORDERS["email"].synonyms, *(
        "email1value email1 primaryemail emailprimary emailadress epost courriel e邮箱".split()))),
    Field("first_name", "First name", tuple(
        "firstname givenname forename first vorname prenom nombre nome 名 名字".split())),
    Field("last_name", "Last name", tuple(
        "lastname surname familyname last nachname familienname apellido apellidos cognome 姓 姓氏".split())),
    Field("name", "Name", (*OF_ORDERS["customer_name"].synonyms, *(
        "customer displayname client kontakt contact company organization organizationname "
        "firma nom 名称 联系人 客户 昵称".split()))),
    Field("phone", "Phone", (*OF_ORDERS["phone"].synonyms, *(
        "phone1value phone1 mobilephone mobilenumber cell cellphone primaryphone homephone businessphone tel "
        "handynummer rufnummer telephonenumber 手机号码 联系方式".split()))),
    Field("postcode", "Postcode", (*OF_ORDERS["postcode"].synonyms, *(
        "homepostalcode businesspostalcode addresszip 邮编号码".split()))),
    Field("country", "Country", (*OF_ORDERS["country"].synonyms, *(
        "countryregion homecountry addresscountry 国家地区 地区".split()))),
    Field("birthday", "Birthday", tuple(
        "birthday birthdate dateofbirth dob bday geburtstag geburtsdatum naissance datenaissance fechanacimiento "
        "生日 出生日期".split())),
    Field("channel", "Channel", (*OF_ORDERS["channel"].synonyms, *(
        "leadsource acquisition herkunft 来源渠道".split()))),
)  # fmt: skip
