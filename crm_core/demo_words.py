"""What the demonstration company sells and what its people are called. All of it is made up."""

__all__ = [
    "COMPANIONS",
    "COUNTRIES",
    "FAMILY_NAMES",
    "FIRMS",
    "GIVEN_NAMES",
    "KINDS",
    "NOTES",
    "PRODUCTS",
    "SUBJECTS",
    "SURVEY_QUESTION",
]

KINDS = ("soap", "tea", "candle", "linen", "kitchen", "paper")

# name, kind, price in cents, is it used up and bought again; within a kind the best sold first
PRODUCTS: tuple[tuple[str, str, int, bool], ...] = (
    ("Lavender soap", "soap", 690, True),
    ("Oat and honey soap", "soap", 690, True),
    ("Pine tar soap", "soap", 750, True),
    ("Rosemary shampoo bar", "soap", 1150, True),
    ("Calendula balm", "soap", 1290, True),
    ("Olive wood soap dish", "soap", 1450, False),
    ("Sisal bath brush", "soap", 1690, False),
    ("Soap gift box of four", "soap", 2900, False),
    ("First flush Darjeeling, 100 g", "tea", 1490, True),
    ("Mountain herbs, 80 g", "tea", 890, True),
    ("Smoky Assam, 100 g", "tea", 1190, True),
    ("Peppermint from the garden, 60 g", "tea", 690, True),
    ("Sencha, 100 g", "tea", 1590, True),
    ("Rooibos and orange, 100 g", "tea", 850, True),
    ("Steel tea strainer", "tea", 990, False),
    ("Stoneware teapot", "tea", 4900, False),
    ("Beeswax candle, small", "candle", 790, True),
    ("Beeswax candle, large", "candle", 1590, True),
    ("Spruce scented candle", "candle", 1890, True),
    ("Tea lights, box of twenty", "candle", 1190, True),
    ("Brass candle holder", "candle", 3200, False),
    ("Long matches", "candle", 450, True),
    ("Advent wreath", "candle", 3900, False),
    ("Linen tea towel", "linen", 1690, False),
    ("Linen napkins, set of four", "linen", 3400, False),
    ("Linen apron", "linen", 4500, False),
    ("Linen bed cover", "linen", 12900, False),
    ("Linen bread bag", "linen", 1490, False),
    ("Linen water, 500 ml", "linen", 1190, True),
    ("Napkin rings, set of four", "linen", 1790, False),
    ("Blossom honey, 500 g", "kitchen", 950, True),
    ("Fig mustard, 180 ml", "kitchen", 590, True),
    ("Plum jam, 220 g", "kitchen", 550, True),
    ("Sea salt with herbs, 120 g", "kitchen", 650, True),
    ("Beech cooking spoon", "kitchen", 790, False),
    ("Hand-thrown mug", "kitchen", 2200, False),
    ("Oak chopping board", "kitchen", 5900, False),
    ("Letterpress cards, set of six", "paper", 1400, True),
    ("Notebook, thread bound", "paper", 1690, True),
    ("Wrapping paper, three sheets", "paper", 790, True),
    ("Wall calendar", "paper", 2400, False),
    ("Pencils, tin of twelve", "paper", 1390, False),
)

# what is often put into the same basket
COMPANIONS = {
    "Lavender soap": "Olive wood soap dish",
    "Oat and honey soap": "Lavender soap",
    "Rosemary shampoo bar": "Sisal bath brush",
    "First flush Darjeeling, 100 g": "Steel tea strainer",
    "Mountain herbs, 80 g": "Blossom honey, 500 g",
    "Smoky Assam, 100 g": "Hand-thrown mug",
    "Stoneware teapot": "First flush Darjeeling, 100 g",
    "Beeswax candle, small": "Long matches",
    "Beeswax candle, large": "Brass candle holder",
    "Spruce scented candle": "Long matches",
    "Linen napkins, set of four": "Napkin rings, set of four",
    "Linen bed cover": "Linen water, 500 ml",
    "Blossom honey, 500 g": "Plum jam, 220 g",
    "Letterpress cards, set of six": "Wrapping paper, three sheets",
}

GIVEN_NAMES = tuple(
    "Ada Aiko Alma Amara Anneke Anouk Anton Arun Astrid Aylin Beatriz Bela Bruno Carla Chiara Clara Daan Dilan Dorota "
    "Eero Elif Elin Emil Enzo Esra Eva Farah Felix Femke Finn Freya Gaël Greta Hanna Hugo Ida Ilse Inês Ingrid Ivo "
    "Jakob Jana Joana Jonas Jules Jun Kai Karim Karla Kasia Katrin Lars Leila Lena Leon Lieke Linnea Lior Lotte Łucja "
    "Luis Maja Malik Mara Marek Marit Mateo Maya Mei Mila Mira Nadia Naomi Nele Niko Nina Noor Ola Oskar Otto Paula "
    "Petra Piet Priya Rafael Ravi Rosa Ruben Saskia Selma Signe Sofia Søren Stella Tara Teo Thea Tomas Veera Viktor "
    "Wanda Yara Yusuf Zoë Zuzana".split()
)
FAMILY_NAMES = tuple(
    "Abendrot Achterberg Adeyemi Almeida Andersson Aydin Bachmann Bakker Baumgart Becerra Bergström Birkholz Blomqvist "
    "Borg Brandt Cardoso Castellani Chandra Cieślak Claes Costa Dahl Demir Duarte Dvořák Eikenberg Eklund Engel Fabre "
    "Falk Farkas Ferreira Fiedler Fontana Fuchs Gerlach Grabowski Haas Hadžić Hansen Hartwig Hayashi Heikkinen Holm "
    "Horvat Iyer Jansen Jensen Kaya Keller Kirchner Kowalska Krüger Kurz Lambert Larsen Lindqvist Lorenz Madsen Marin "
    "Martens Mazur Meyer Moreau Mori Nagy Navarro Nilsen Novak Núñez Okafor Olsen Ortega Otten Park Pavlov Pereira "
    "Petersen Pichler Quist Ramos Ranta Renard Ricci Rossi Sánchez Sato Schmitt Silva Sommer Steiner Suzuki Szabó "
    "Tanaka Thorsen Usman Vandal Varga Vogel Weiss Wilde Winter Ylönen Zeman Zimmer".split()
)
FIRMS = (
    "Café Morgenrot",
    "Pension Seeblick",
    "Hofladen Berg",
    "Yoga am Kanal",
    "Blumen Wiesental",
    "Hotel Zur Linde",
    "Praxis Dr. Falk",
    "Kita Sonnenhof",
    "Bistro Rosmarin",
    "Werkstatt Nord",
    "Studio Papel",
    "Teestube Ost",
)

# country, share of the customers, how a postcode is written (# is a digit, @ a letter)
COUNTRIES = (
    ("Germany", 0.72, "#####"),
    ("Austria", 0.08, "####"),
    ("Netherlands", 0.07, "#### @@"),
    ("France", 0.05, "#####"),
    ("Poland", 0.05, "##-###"),
    ("Denmark", 0.03, "####"),
)

NOTES = (
    "Asked when the lavender soap is back.",
    "Wanted advice on a present.",
    "Told us how the last parcel arrived.",
    "Asked for opening hours before the holidays.",
    "Talked about a larger order for a party.",
    "Asked whether the tea is organic.",
    "Praised the wrapping.",
    "Asked for the invoice once more.",
)
SUBJECTS = (
    "Parcel has not arrived",
    "Candle came broken",
    "Wrong item in the parcel",
    "Question about an invoice",
    "Would like to exchange",
    "Address has changed",
    "Voucher does not work",
    "Allergic to an ingredient?",
)
SURVEY_QUESTION = "How happy are you with your last order?"
