"""A Django project whose one view asks BILL."""

SECRET_KEY = "of-this-test"
ALLOWED_HOSTS = ["*"]
ROOT_URLCONF = "acme_urls"
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}}
BILL = None
