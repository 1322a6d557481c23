"""Words of an owner's data that something between the database and the eye could take for more than words."""

__all__ = ["HOSTILE"]

MARKUP = (
    "<script>window.__pwned=1</script>",
    "<img src=x.png onerror=window.__pwned=1>",
    '<a href="http://evil.example/a">Ana</a>',
    "<b>Bold</b> & <i>sons</i>",
    "<br>",
    "<extra></extra>",
    "<style>body{display:none}</style>",
    "&amp; &lt;b&gt; &#42; &copy;",
    "<!-- Ana -->",
)
MARKDOWN = (
    "[link](http://evil.example)",
    "![](http://evil.example/x.png)",
    "[VIP]",
    '["Ana", "Ben"]',
    "[^1] [x] [ref][1]",
    "**bold** __bold__ *it* _it_ snake_case",
    "`code` ```more```",
    "~~gone~~ ~x~",
    ":red[x] :red-background[y] :badge[z]",
    ":material/delete: :material/home:",
    ":smile: :+1: :100: :streamlit:",
    "::leaf[x]{y} :::box",
    "$a$ $$b$$",
    "# heading",
    "> quote",
    "- list",
    "+ list",
    "* list",
    "1. list",
    "2) list",
    "- [ ] task",
    "| table | cell |",
    "|---|---|",
    "---",
    "===",
    "a -- b -> c <- d <-> e >= f <= g ~= h",
    "...",
)
TEMPLATES = (
    "%{x} %{customdata[0]} %{y:.2f}",
    "{name} {{x}} {% y %} {0}",
    "%s %(a)s %d %% 100%",
    "${HOME} $(id) `id`",
)
ADDRESSES = (
    "http://evil.example/a.png",
    "HTTPS://evil.example/A.png",
    "//evil.example/x",
    "www.evil.example",
    "mailto:x@evil.example",
    "x@evil.example",
    "data:text/html,<script>window.__pwned=1</script>",
    "javascript:window.__pwned=1",
    "ftp://evil.example/x xmpp:x@evil.example",
)
PATHS_AND_SQL = (
    "'; DROP TABLE customers; --",
    '" OR 1=1 /*',
    "../../etc/passwd",
    "C:\\x\\new",
    "\\ \\* \\n",
    'O\'Neil "Bob"',
)
FORMULAS = ('=HYPERLINK("http://evil.example")', "+1+1", "-2+3", "@SUM(A1)")
LETTERS = (
    "👩‍👩‍👧 Family 🏳️‍🌈",
    "\u202eevil\u202c Ana",
    "\u202eunclosed",
    "\u2067isolate",
    "\u2069pop \u202eturned",
    "\u200fmark\u200e",
    "שלום עולם",
    "مرحبا 12",
    "zero\u200bwidth\ufeffjoined",
    "Z\u0351\u036b\u0343al\u0321go\u0315",
    "Null",
    "NaN",
    "None",
    "nan",
    "N" * 255,
)

HOSTILE = (*MARKUP, *MARKDOWN, *TEMPLATES, *ADDRESSES, *PATHS_AND_SQL, *FORMULAS, *LETTERS)
