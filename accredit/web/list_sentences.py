"""What is wrong with the file of a list, in the administrator's language.

The import speaks English, as commands are told. A pattern is its own key in the catalog: it stands here as well, word by word, so
that the catalogs know it; tests/unit/test_list_sentences.py compares.
"""

from __future__ import annotations

from flask_babel import lazy_gettext

_ = lazy_gettext

SENTENCES = (
    _("row %(row)s, column “%(column)s”: %(message)s"),
    _("a letter was lost when the file was saved; type the text anew"),
    _("this is longer than %(longest)s characters; shorten it"),
    _("this cell is empty; fill it in or delete the row"),
    _("this is no name, it has no letters; write the name"),
    _("no State has this code; write three letters, such as CHE or KEN"),
    _("write yes or no, or leave it empty"),
    _("says yes, but the status says that it has ended; mend one"),
    _("repeats row %(other)s; delete one of them"),
    _("row %(others)s has the same id and says something else; keep the one that is right"),
    _("write a JSON list of names, or of objects with name and kind; or names with “ | ” between"),
    _("there are more than %(most)s other names; keep those that people use"),
    _("another name is longer than %(longest)s characters; shorten it"),
    _("the file has a header and no rows; a list that is empty is surely not meant"),
    _(
        "the same id stands in several rows, or a status contradicts what is said of its being in force: see "
        "rows %(rows)s. Nothing was loaded; leave one row for each id, and mend the status."
    ),
    _(
        "%(broken)s of %(all)s rows are broken, more than half; nothing was loaded. Check the columns, then "
        "mend the rows."
    ),
    _("no category of a loaded event reads a list “%(list)s”; they read %(others)s"),
)
