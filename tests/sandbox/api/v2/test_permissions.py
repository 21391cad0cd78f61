"""What the roles of users may do, in v2."""


def test_an_administrator_may_all_and_an_auditor_only_see(v2):
    profiles = {each["name"]: each for each in v2.list("Profile")}
    assert profiles["Administrator"]["type"] == "2"
    of = {name: v2("GetProfilePermissions", {"id": each["id"]}) for name, each in profiles.items()}
    assert all(of["Administrator"].values())
    assert {name[:4] for name, allowed in of["Auditor"].items() if allowed} == {"view"}
    assert of["Approver"]["canApprove"] is True
    assert of["Accountant"]["editPayment"] is of["Clerk"]["editPayment"] is False
    assert of["Payer"]["editPayment"] is True
    assert v2.refused("GetProfilePermissions", {"id": "0po-none"})[0] == "BDC_1120"
