"""Notes on objects, in v2."""


def test_notes_of_a_bill(v2):
    first, second = v2.list("Bill")[:2]
    sent = v2("SendMessage", {"objectId": first["id"], "message": "Größe?", "isPublic": False})
    assert sent["entity"] == "Message"
    assert sent["from"]["usersOrgName"] == "Crescendo Music Shop"
    later = v2("SendMessage", {"objectId": first["id"], "message": "Ja."})
    assert v2("ListMessage", {"objectId": first["id"], "start": 0, "max": 9}) == [sent, later]
    assert v2("ListMessage", {"objectId": first["id"], "start": 1}) == [later]
    assert v2("ListMessage", {"objectId": second["id"]}) == []
    for path in ("SendMessage", "ListMessage"):
        assert v2.refused(path, {"objectId": "00n-none", "message": "x"})[0] == "BDC_1120"
