"""People move in and out: all or none, with the line that is wrong."""

import pytest

BOM = "\ufeff"


def write(publication, text, name="people.csv"):
    path = publication.folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def count(publication):
    return max(0, len(publication.ok("export").splitlines()) - 1)


@pytest.mark.parametrize("text", [
    "email,name\nana@example.org,Ana\nbo@example.org,Bo\n",
    "email,name\r\nana@example.org,Ana\r\nbo@example.org,Bo\r\n",
    BOM + "email,name\nana@example.org,Ana\nbo@example.org,Bo\n",
    "ana@example.org\nbo@example.org\n",
    'email,name\nana@example.org,"Ana, ""the"" one"\nbo@example.org,"two\nlines"\n'
    .replace("two\nlines", "two lines"),
])
def test_the_usual_shapes_of_a_list_are_taken(publication, text):
    publication.ok("import", write(publication, text))
    assert count(publication) == 2


@pytest.mark.parametrize("text, place, words", [
    ("name\nAna\n", "people.csv:1", "email"),
    ("email,nmae\nana@example.org,Ana\n", "people.csv:1", "nmae"),
    ("email,name\nana@example.org,Ana\nnot an address,Bo\n", "people.csv:3", "not an address"),
    ('email,name\nana@example.org,"Ana\n', "people.csv:2", "the quotes are wrong"),
    ('email,name\nana@example.org,A"na\n', "people.csv:2", "the quotes are wrong"),
    (b"email,name\nana@example.org,\xff\xfe\n", "people.csv:2", "UTF-8"),
    ('email,name\nana@example.org,"Ana\r\nBcc: x@example.org"\n', "people.csv:2", "line break"),
    ("email;name\nana@example.org;Ana\n", "people.csv:1", "columns are parted by commas"),
    ("email\tname\nana@example.org\tAna\n", "people.csv:1", "columns are parted by commas"),
    ("email,joined\nana@example.org,yesterday\n", "people.csv:2", "yesterday"),
    ("email,state\nana@example.org,gone\n", "people.csv:2", "gone"),
    ("email\n" + "".join(f"r{i}@example.org\n" for i in range(39998)) + "broken\n",
     "people.csv:40000", "broken"),
], ids=["no email", "unknown column", "no address", "quote not closed", "quote inside",
        "not UTF-8", "line break", "semicolons", "tabs", "no date", "no state", "line 40,000"])
def test_a_bad_list_is_refused_by_line_and_nothing_is_imported(publication, text, place, words):
    err = publication.fails(65, "import", write(publication, text))
    assert place in err and words in err, err
    assert "hint: " in err and "nothing was imported" in err
    assert count(publication) == 0


def test_one_person_once_whatever_the_case_of_the_domain(publication):
    publication.ok("import", write(publication,
                   "email\nana@example.org\nana@EXAMPLE.org\nb@bücher.example\n"
                   "b@xn--bcher-kva.example\n"))
    assert count(publication) == 2


def test_other_columns_come_only_by_name(publication):
    path = write(publication, "Mail,Full,Shoe\nana@example.org,Ana A,39\n")
    publication.fails(65, "import", path)
    publication.ok("import", path, "--map", "Mail=email", "--map", "Full=name",
                   "--ignore", "Shoe")
    assert "Ana A" in publication.ok("export")


def test_a_dry_run_changes_nothing(publication):
    publication.ok("import", "--dry-run", write(publication, "ana@example.org\n"))
    assert count(publication) == 0


def test_who_left_is_not_revived_by_an_import(publication):
    path = write(publication, "ana@example.org\nbo@example.org\n")
    publication.ok("import", path)
    publication.ok("subscriber", "leave", "ana@example.org")
    publication.ok("subscriber", "suppress", "bo@example.org", "--reason", "asked by letter")
    publication.ok("import", path)
    shown = publication.ok("subscriber", "show", "ana@example.org")
    assert "unsubscribed" in shown
    assert "asked by letter" in publication.ok("subscriber", "show", "bo@example.org")


def test_an_export_comes_back_as_it_was(publication):
    publication.ok("import", write(publication,
                   'email,name,tags\nana@example.org,"=cmd|x",a;b\nbo@example.org,"Q, ""B""",\n'))
    raw = publication.ok("export", "--raw")
    publication.ok("import", write(publication, raw, "again.csv"))
    assert publication.ok("export", "--raw") == raw
    # A spreadsheet must not run what a stranger wrote.
    assert "'=cmd|x" in publication.ok("export")


def test_senders_under_way_are_told_of_who_left_by_an_import(publication):
    path = write(publication, "ana@example.org\n")
    publication.ok("import", path)
    number = publication.folder / "tidings.slots" / "generation"
    before = number.read_bytes()
    publication.ok("import", "--dry-run", path)
    assert number.read_bytes() == before
    publication.ok("import", write(publication, "email,state\nana@example.org,unsubscribed\n"))
    assert number.read_bytes() != before


def test_a_list_from_standard_input(publication):
    publication.ok("import", "-", input="ana@example.org\n")
    assert count(publication) == 1
