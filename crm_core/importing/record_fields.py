"""The columns of files of conversations, tickets and survey answers, and the names that people give them."""

from crm_core.importing.fields import Field
from crm_core.importing.order_fields import ORDER_FIELDS

__all__ = ["INTERACTION_FIELDS", "SURVEY_FIELDS", "TICKET_FIELDS"]

_OF_ORDERS = {field.name: field for field in ORDER_FIELDS}


def _more(name: str, words: str) -> Field:
    """A field of orders under further names."""
    field = _OF_ORDERS[name]
    return Field(name, field.label, (*field.synonyms, *words.split()))


_WHO = (
    _more("customer_id", "requesterid respondentid"),
    _more("email", "requesteremail respondentemail contactemailaddress fromemail"),
    _OF_ORDERS["phone"],
    _more("customer_name", "contact requester requestername respondent respondentname person kontakt 联系人"),
)
_CHANNEL = Field("channel", "Channel", tuple(
    "channel via medium type kind source interactiontype contacttype activitytype method kanal art "
    "kontaktart weg 渠道 方式 沟通方式 类型 来源".split()))  # fmt: skip

INTERACTION_FIELDS = (
    *_WHO,
    Field("interaction_id", "Conversation number", tuple(
        "interactionid conversationid conversationnumber callid activityid messageid meetingid "
        "gesprachsnummer gesprachid anrufid "
        "沟通编号 通话编号".split())),
    Field("day", "Day", tuple(
        "day date happenedon happenedat calldate callday visitdate contactdate meetingdate activitydate "
        "datetime timestamp time start started startedat starttime createdat created datum tag gesprachsdatum "
        "kontaktdatum besuchsdatum anrufdatum zeitpunkt 日期 沟通日期 联系日期 沟通时间 通话时间 时间".split())),
    _CHANNEL,
    Field("minutes", "Minutes", tuple(
        "minutes minute min mins duration durationminutes durationmin durationinminutes length talktime callduration "
        "durationseconds durationsec durationhours hours timespent dauer minuten dauerminuten dauerinminuten "
        "gesprachsdauer stunden 时长 分钟 分钟数 通话时长 沟通时长 持续时间".split())),
    Field("note", "Note", tuple(
        "note notes summary comment comments text content message body description details subject topic "
        "notiz notizen gesprachsnotiz bemerkung kommentar betreff thema inhalt 备注 内容 沟通内容 记录 主题".split())),
)  # fmt: skip

TICKET_FIELDS = (
    *_WHO,
    Field("ticket_id", "Ticket number", tuple(
        "ticketid ticket ticketno ticketnumber ticketnr ticketnummer caseid casenumber requestid issueid "
        "vorgangsnummer anfragenummer id 工单编号 工单号 问题编号".split())),
    Field("opened", "Opened", tuple(
        "opened openedon openedat opendate created createdon createdat createddate creationdate datecreated "
        "dateopened submitted submittedat requestedat receivedat day date datetime timestamp geoffnet geoffnetam "
        "eroffnet eroffnetam erstellt erstelltam eingegangen eingang eingangsdatum datum "
        "创建时间 创建日期 提交时间 开始时间 日期".split())),
    Field("subject", "Subject", tuple(
        "subject title topic summary ticketsubject request issue problem description betreff titel "
        "thema anliegen 主题 标题 工单标题".split())),
    Field("first_response", "First answer", tuple(
        "firstresponse firstresponseminutes firstresponsetime firstresponsetimeminutes firstresponsetimeinminutes "
        "firstresponsetimehours firstresponsehours firstresponseseconds firstresponsetimeseconds "
        "firstresponsetimeinhours firstresponseat firstresponseon firstrespondedat firstreply firstreplyminutes "
        "firstreplytime firstreplytimeminutes firstreplytimeinminutes firstreplyat firstanswer firstanswerminutes "
        "firstansweredat answeredat responsetime responseminutes replytime erstantwort erstantwortam ersteantwort "
        "ersteantwortam erstantwortminuten antwortzeit reaktionszeit beantwortetam "
        "首次响应时间 首次回复时间 首次响应 首次回复 响应时间 回复时间".split())),
    Field("resolved", "Resolved", tuple(
        "resolved resolvedon resolvedat resolveddate resolutiondate dateresolved closed closedon closedat closeddate "
        "dateclosed solved solvedon solvedat completedat finishedat gelost gelostam geschlossen geschlossenam erledigt "
        "erledigtam abgeschlossenam 解决时间 解决日期 关闭时间 完成时间".split())),
    Field("status", "Status", tuple("status state ticketstatus stage zustand 状态 工单状态".split())),
    _CHANNEL,
)  # fmt: skip

SURVEY_FIELDS = (
    *_WHO,
    Field("answer_id", "Answer number", tuple(
        "answerid answernumber responseid surveyresponseid submissionid antwortid antwortnummer "
        "答卷编号 回答编号".split())),
    Field("day", "Day", tuple(
        "day date answeredon answeredat answerdate responsedate respondedat respondedon submittedat submitted "
        "submitdate completedat surveydate datetime timestamp time createdat created datum tag beantwortetam "
        "antwortdatum umfragedatum zeitstempel 日期 提交时间 回答时间 答题时间 填写时间".split())),
    Field("question", "Question", tuple(
        "question questiontext questionname item survey surveyname frage fragetext umfrage 问题 题目 问卷".split())),
    Field("score", "Score", tuple(
        "score rating points stars nps npsscore csat csatscore satisfaction answervalue value answer response "
        "punkte bewertung wertung sterne zufriedenheit antwort 分数 评分 得分 打分 满意度 答案".split())),
)  # fmt: skip
