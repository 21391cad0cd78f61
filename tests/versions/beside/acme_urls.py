import httpx
from django.conf import settings
from django.http import JsonResponse
from django.urls import path


def vendors(request):
    base_url, auth = settings.BILL
    answer = httpx.get(f"{base_url}/v3/vendors", params={"max": 2}, auth=auth)
    return JsonResponse({"names": [each["name"] for each in answer.json()["results"]]})


urlpatterns = [path("vendors/", vendors)]
