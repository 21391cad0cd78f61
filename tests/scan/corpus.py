"""A corpus for the scan: secrets at BILL's own names, and what is innocent though it looks random.

All of it is made here, the same each time; nothing is copied from anybody's files.
"""

# ruff: noqa: E501 (lines of files as they are)
from __future__ import annotations

import base64
import hashlib
import json
import random
from collections.abc import Callable, Iterator
from typing import NamedTuple
from urllib.parse import quote

FORMS = {
    "chosen": "Autumn-Leaf7!",
    "passphrase": "copper lantern by a slow river",
    "short": "Ka7!",
    "uuid": "4e0d1c7a-93b5-4f26-a1d8-6c2f7e95b083",
    "hex": "c41f7a9e02d85b63e7109fa84d3b26c5",
    "word": "marmalade",
    "generated": "qT4vR9xL2mWc7ZpB5nKd8HyE",  # pytest-bill: allow
}
VARIABLES = (
    *("BILL_PASSWORD", "BILL_DEV_KEY", "BILL_SYNC_TOKEN_VALUE", "BILL_CONSOLE_API_TOKEN"),
    *("BILL_SPEND_API_TOKEN", "BILL_PARTNER_APP_KEY", "BILL_PARTNER_PASSWORD", "BILL_STAND_IN_KEY"),
)
FIELDS = ("devKey", "sessionId", "apiToken", "appKey", "rememberMeId")


class Case(NamedTuple):
    """One file: its name's end, its text, and what is in it."""

    kind: str
    suffix: str
    text: str
    secret: str


def _b64(value: str) -> str:
    return base64.b64encode(value.encode()).decode()


def _q(value: str) -> str:
    return quote(value, safe="")


def _escaped(value: str) -> str:
    return value.replace(" ", "\\ ")


Writer = Callable[[str, str], str]

# By file: how a variable is given a value there.
OF_VARIABLES: dict[str, tuple[str, Writer]] = {
    "env": (".env.shared", lambda n, v: f"# for CI\nHOST=x\n{n}={v}\n"),
    "env, quoted": ("vars.env", lambda n, v: f'{n}="{v}"  # of the team\n'),
    "env, spaced": ("app.env", lambda n, v: f"{n} = {v}\n"),
    "export": ("run.sh", lambda n, v: f"set -eu\nexport {n}='{v}'\n"),
    "before a command": ("run.bash", lambda n, v: f'{n}="{v}" pytest -q\n'),
    "escaped spaces": ("go.sh", lambda n, v: f"export {n}={_escaped(v)}\n"),
    "a default": ("up.sh", lambda n, v: f': "${{{n}:={v}}}"\n'),
    "csh": ("login.csh", lambda n, v: f'setenv {n} "{v}"\n'),
    "fish": ("config.fish", lambda n, v: f'set -gx {n} "{v}"\n'),
    "PowerShell": ("run.ps1", lambda n, v: f'$env:{n} = "{v}"\n'),
    "cmd": ("run.bat", lambda n, v: f"@echo off\r\nset {n}={v}\r\n"),
    "setx": ("once.cmd", lambda n, v: f'setx {n} "{v}"\r\n'),
    "Dockerfile": ("Dockerfile", lambda n, v: f'FROM python:3.13\nENV {n}="{v}"\n'),
    "Dockerfile, old": ("Dockerfile", lambda n, v: f"FROM python:3.13\nENV {n} {_escaped(v)}\n"),
    "build argument": ("Dockerfile.ci", lambda n, v: f"ARG {n}='{v}'\n"),
    "docker run": ("start.sh", lambda n, v: f'docker run -e "{n}={v}" app\n'),
    "compose, map": (
        "compose.yml",
        lambda n, v: f"services:\n  a:\n    environment:\n      {n}: {v}\n",
    ),
    "compose, list": ("compose.yaml", lambda n, v: f"environment:\n  - {n}={v}\n"),
    "compose, quoted": ("dc.yml", lambda n, v: f'environment:\n  - "{n}={v}"\n'),
    "compose, default": ("dd.yml", lambda n, v: f"environment:\n  {n}: ${{{n}:-{v}}}\n"),
    "workflow": ("ci.yml", lambda n, v: f"jobs:\n  t:\n    env:\n      {n}: '{v}'\n"),
    "workflow, or": ("cd.yml", lambda n, v: f"env:\n  {n}: ${{{{ secrets.{n} || '{v}' }}}}\n"),
    "block": ("block.yml", lambda n, v: f"{n}: >-\n  {v}\nOTHER: 1\n"),
    "Kubernetes": ("pod.yaml", lambda n, v: f"env:\n  - name: {n}\n    value: {v}\n"),
    "Kubernetes, quoted": ("pod2.yaml", lambda n, v: f'env:\n- name: "{n}"\n  value: "{v}"\n'),
    "Secret": ("secret.yaml", lambda n, v: f"kind: Secret\ndata:\n  {n}: {_b64(v)}\n"),
    "Secret, strings": ("s2.yaml", lambda n, v: f"kind: Secret\nstringData:\n  {n}: {v}\n"),
    "kubectl": ("k.sh", lambda n, v: f'kubectl create secret generic a --from-literal="{n}={v}"\n'),
    "gh": ("gh.sh", lambda n, v: f'gh secret set {n} --body "{v}"\n'),
    "heroku": ("h.sh", lambda n, v: f"heroku config:set {n}='{v}'\n"),
    "properties": ("app.properties", lambda n, v: f"{_dotted(n)}={v}\n"),
    "properties, colon": ("b.properties", lambda n, v: f"{_dotted(n)}: {v}\n"),
    "ini": ("tox.ini", lambda n, v: f"[testenv]\nsetenv =\n    {n} = {v}\n"),
    "pytest.ini": ("pytest.ini", lambda n, v: f"[pytest]\nenv =\n    {n}={v}\n"),
    "toml": ("conf.toml", lambda n, v: f"[bill]\n{n.lower()} = '{v}'\n"),
    "yaml, lower": ("conf.yml", lambda n, v: f"{n.lower()}: {v}\n"),
    "yaml, camel": ("conf.yaml", lambda n, v: f"{_camel(n)}: {v}\n"),
    "json": ("conf.json", lambda n, v: json.dumps({"env": {n: v}})),
    "json, lines": ("log.jsonl", lambda n, v: json.dumps({"a": 1, n: v}) + "\n{}\n"),
    "task definition": ("task.json", lambda n, v: json.dumps({"e": [{"name": n, "value": v}]})),
    "value first": ("task2.json", lambda n, v: json.dumps({"e": [{"value": v, "name": n}]})),
    "terraform": ("main.tf", lambda n, v: f'variable "{n.lower()}" {{\n  default = "{v}"\n}}\n'),
    "terraform, pair": ("ecs.tf", lambda n, v: f'x = [{{ name = "{n}", value = "{v}" }}]\n'),
    "tfvars": ("prod.tfvars", lambda n, v: f'{n.lower()} = "{v}"\n'),
    "xml": ("a.xml", lambda n, v: f"<{n}>{v}</{n}>\n"),
    "xml, attribute": ("b.xml", lambda n, v: f'<property name="{_dotted(n)}" value="{v}"/>\n'),
    "xml, entry": ("c.xml", lambda n, v: f'<entry key="{n}">{v}</entry>\n'),
    "csv, head": ("a.csv", lambda n, v: f"host,{n},note\nsandbox,{v},first\n"),
    "csv, pair": ("b.csv", lambda n, v: f"name,value\n{n},{v}\n"),
    "python": ("settings.py", lambda n, v: f'{n} = "{v}"\n'),
    "python, typed": ("typed.py", lambda n, v: f"{n.lower()}: Final[str] = '{v}'\n"),
    "python, environ": ("env.py", lambda n, v: f'os.environ["{n}"] = "{v}"\n'),
    "python, setenv": ("conftest.py", lambda n, v: f'monkeypatch.setenv("{n}", "{v}")\n'),
    "python, default": ("get.py", lambda n, v: f'x = os.environ.get("{n}", "{v}")\n'),
    "python, or": ("or.py", lambda n, v: f'x = os.getenv("{n}") or "{v}"\n'),
    "python, dict": ("dict.py", lambda n, v: f"ENV = {{'A': 1, '{n}': '{v}'}}\n"),
    "python, argument": ("call.py", lambda n, v: f'start({n.lower()}="{v}", retries=3)\n'),
    "python, lines": ("long.py", lambda n, v: f'{n} = (\n    "{v}"\n)\n'),
    "python, wrapped": ("wrap.py", lambda n, v: f'{n.lower()} = SecretStr("{v}")\n'),
    "python, compared": ("if.py", lambda n, v: f'assert {n.lower()} == "{v}"\n'),
    "comment": ("old.py", lambda n, v: f"# {n}={v}\n"),
    "javascript": ("a.js", lambda n, v: f'process.env.{n} = "{v}";\n'),
    "javascript, or": ("b.mjs", lambda n, v: f'const p = process.env.{n} ?? "{v}";\n'),
    "typescript": ("a.ts", lambda n, v: f'const {_camel(n)}: string = "{v}";\n'),
    "java": ("A.java", lambda n, v: f'private static final String {n} = "{v}";\n'),
    "kotlin": ("A.kt", lambda n, v: f'const val {n} = "{v}"\n'),
    "go": ("a.go", lambda n, v: f'os.Setenv("{n}", "{v}")\n'),
    "ruby": ("a.rb", lambda n, v: f"ENV['{n}'] ||= '{v}'\n"),
    "php": ("a.php", lambda n, v: f"define('{n}', '{v}');\n"),
    "rust": ("a.rs", lambda n, v: f'const {n}: &str = "{v}";\n'),
    "csharp": ("A.cs", lambda n, v: f'Environment.SetEnvironmentVariable("{n}", "{v}");\n'),
    "jenkins": ("Jenkinsfile", lambda n, v: f"environment {{ {n} = '{v}' }}\n"),
    "makefile": ("Makefile", lambda n, v: f"{n} ?= {v}\n"),
    "option": ("o.sh", lambda n, v: f'pytest --{_dashed(n)}="{v}" -q\n'),
    "option, space": ("p.sh", lambda n, v: f"pytest --{_dashed(n)} '{v}' -q\n"),
    "option, list": ("p.py", lambda n, v: f'run(["--{_dashed(n)}", "{v}"])\n'),
    "markdown": ("a.md", lambda n, v: f"Then run it:\n\n    export {n}='{v}'\n"),
    "notebook": ("a.ipynb", lambda n, v: json.dumps({"source": [f'os.environ["{n}"] = "{v}"\n']})),
    "log": ("a.log", lambda n, v: f"12:00:01 DEBUG environ: {{'A': 'b', '{n}': '{v}'}}\n"),
    "repr": ("b.log", lambda n, v: f"Settings({n.lower()}='{v}', host='x')\n"),
}

OF_FIELDS: dict[str, tuple[str, Writer]] = {
    "header": ("a.http", lambda n, v: f"GET https://x/v3/bills\nAccept: */*\n{n}: {v}\n"),
    "curl, header": ("a.sh", lambda n, v: f"curl -s -H '{n}: {v}' https://x/v3/bills\n"),
    "curl, double": ("b.sh", lambda n, v: f'curl --header "{n}: {v}" https://x\n'),
    "curl, form": ("c.sh", lambda n, v: f"curl -d 'start=0&{n}={_q(v)}&max=9' https://x\n"),
    "curl, json": ("d.sh", lambda n, v: f'curl --json \'{{"{n}": "{v}"}}\' https://x\n'),
    "curl, escaped": ("e.sh", lambda n, v: f'curl -d "{{\\"{n}\\": \\"{v}\\"}}" https://x\n'),
    "httpie": ("f.sh", lambda n, v: f'http GET x.io/v3 "{n}:{v}"\n'),
    "query": ("a.txt", lambda n, v: f"see https://x/api/v2/List.json?{n}={_q(v)}&a=b for it\n"),
    "postman": (
        "a.json",
        lambda n, v: json.dumps({"header": [{"key": n, "value": v, "type": "x"}]}),
    ),
    "har": ("a.har", lambda n, v: json.dumps({"log": {"headers": [{"name": n, "value": v}]}})),
    "har, text": ("b.har", lambda n, v: json.dumps({"postData": {"text": json.dumps({n: v})}})),
    "json": ("b.json", lambda n, v: json.dumps({"a": [{"b": {n: v}}]}, indent=2)),
    "yaml": ("a.yml", lambda n, v: f"headers:\n  Accept: x\n  {n}: {v}\n"),
    "yaml, flow": ("b.yml", lambda n, v: f'headers: {{a: 1, {n}: "{v}", b: 2}}\n'),
    "toml": ("a.toml", lambda n, v: f'{n} = "{v}"\n'),
    "xml": ("a.xml", lambda n, v: f"<login>\n  <{n}>{v}</{n}>\n</login>\n"),
    "log, dict": ("a.log", lambda n, v: f"send: headers={{'Accept': '*/*', '{n}': '{v}'}}\n"),
    "log, pairs": ("b.log", lambda n, v: f"DEBUG [('Accept', '*/*'), ('{n}', '{v}')]\n"),
    "log, bytes": ("c.log", lambda n, v: f"headers=[(b'Accept', b'*/*'), (b'{n}', b'{v}')]\n"),
    "log, line": ("d.log", lambda n, v: f"> Accept: */*\n> {n}: {v if ' ' not in v else _q(v)}\n"),
    "python": ("a.py", lambda n, v: f'session.headers["{n}"] = "{v}"\n'),
    "python, dict": ("b.py", lambda n, v: f'body = {{"orgId": "1", "{n}": "{v}"}}\n'),
    "python, update": ("c.py", lambda n, v: f's.headers.update({{"{n}": "{v}"}})\n'),
    "python, argument": ("d.py", lambda n, v: f"client = Client({_snake(n)}='{v}')\n"),
    "python, form": ("e.py", lambda n, v: f'data = "a=b&{n}={_q(v)}"\n'),
    "javascript": ("a.js", lambda n, v: f'fetch(u, {{ headers: {{ {n}: "{v}" }} }});\n'),
    "java": ("A.java", lambda n, v: f'request.header("{n}", "{v}");\n'),
    "go": ("a.go", lambda n, v: f'req.Header.Set("{n}", "{v}")\n'),
    "ruby": ("a.rb", lambda n, v: f"headers = {{ '{n}' => '{v}' }}\n"),
    "php": ("a.php", lambda n, v: f"$headers = ['{n}: {_q(v)}'];\n"),
    "csharp": ("A.cs", lambda n, v: f'client.DefaultRequestHeaders.Add("{n}", "{v}");\n'),
}

SIGN_INS: dict[str, tuple[str, Callable[[str], str]]] = {
    "v3 body": (
        "login.json",
        lambda v: json.dumps({"username": "kit@acme.io", "password": v, "devKey": "${KEY}"}),
    ),
    "v2 form": (
        "login.sh",
        lambda v: (
            f"curl -d 'userName=kit&password={_q(v)}&orgId=${{ORG}}&devKey=${{KEY}}' https://x\n"
        ),
    ),
    "python": (
        "login.py",
        lambda v: f'login(\n    username=user,\n    password="{v}",\n    dev_key=key,\n)\n',
    ),
    "yaml": ("login.yml", lambda v: f"login:\n  devKey: ${{KEY}}\n  password: {v}\n"),
    "http": (
        "login.rest",
        lambda v: (
            f'POST https://x/connect/v3/login\n\n{{"password": "{v}", "devKey": "{{{{k}}}}"}}\n'
        ),
    ),
    "multipart": (
        "login2.sh",
        lambda v: f"curl -F devKey=$KEY -F 'password={v}' https://x\n",
    ),
}


def _dotted(name: str) -> str:
    return name.lower().replace("_", ".", 1).replace("_", "-")


def _dashed(name: str) -> str:
    return name.lower().replace("_", "-")


def _camel(name: str) -> str:
    first, *rest = name.lower().split("_")
    return first + "".join(map(str.title, rest))


def _snake(name: str) -> str:
    return "".join(f"_{c.lower()}" if c.isupper() else c for c in name)


def secrets() -> Iterator[Case]:
    """A secret in each: every syntax with every form, the names in turn."""
    number = 0
    for names, syntaxes in ((VARIABLES, OF_VARIABLES), (FIELDS, OF_FIELDS)):
        for syntax, (file, write) in syntaxes.items():
            for form, value in FORMS.items():
                name = names[number % len(names)]
                number += 1
                yield Case(f"{syntax} / {form} / {name}", file, write(name, value), value)
    for syntax, (file, written) in SIGN_INS.items():
        for form, value in FORMS.items():
            yield Case(f"sign-in, {syntax} / {form}", file, written(value), value)


# --- what is innocent ---------------------------------------------------------------------------


class _Made:
    """Random strings of all kinds, the same in every run."""

    def __init__(self) -> None:
        self.random = random.Random("innocent")

    def hex(self, digits: int) -> str:
        return f"{self.random.getrandbits(4 * digits):0{digits}x}"

    def b64(self, size: int) -> str:
        return base64.b64encode(self.random.randbytes(size)).decode()

    def uuid(self) -> str:
        h = self.hex(32)
        return f"{h[:8]}-{h[8:12]}-4{h[13:16]}-a{h[17:20]}-{h[20:]}"

    def word(self) -> str:
        return self.random.choice(_WORDS)

    def name(self) -> str:
        return f"{self.word()}-{self.word()}"

    def version(self) -> str:
        return ".".join(str(self.random.randrange(30)) for _ in range(3))

    def id(self, size: int) -> str:
        letters = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz0123456789"
        return "".join(self.random.choices(letters, k=size))

    def number(self, most: int = 9999) -> int:
        return self.random.randrange(most)


_NOUNS = (
    "alpha anchor basic cargo chalk cloud color common delta event fetch filter frame glob "
    "graph human index inline json kernel layer linter logger merge micro module native "
    "object parser path plugin query queue range react regex router schema scope serve shell "
    "signal socket source stream string style symbol table target thread toolkit trace type "
    "union vector walker window"
)
_WORDS = _NOUNS.split()

Lines = Callable[[_Made], str]

INNOCENT: dict[str, tuple[str, int, Lines]] = {
    "npm lock": (
        "npm/package-lock.v3.json.txt",
        40,
        lambda m: (
            f'    "node_modules/{m.name()}": {{ "version": "{m.version()}", "resolved": '
            f'"https://registry.npmjs.org/{m.word()}/-/{m.word()}-{m.version()}.tgz", "integrity": '
            f'"sha512-{m.b64(64)}", "dev": true }},'
        ),
    ),
    "yarn lock": (
        "npm/yarn.txt",
        30,
        lambda m: (
            f'"{m.name()}@^{m.version()}":\n  version "{m.version()}"\n  resolved '
            f'"https://registry.yarnpkg.com/{m.word()}/-/{m.word()}-{m.version()}.tgz#{m.hex(40)}"\n'
            f"  integrity sha512-{m.b64(64)}"
        ),
    ),
    "pnpm lock": (
        "npm/pnpm.yaml",
        30,
        lambda m: f"  {m.name()}@{m.version()}:\n    resolution: {{integrity: sha512-{m.b64(64)}}}",
    ),
    "poetry lock": (
        "py/poetry.toml",
        40,
        lambda m: (
            f'    {{file = "{m.word()}-{m.version()}-py3-none-any.whl", hash = "sha256:{m.hex(64)}"}},'
        ),
    ),
    "uv lock": (
        "py/uv.toml",
        40,
        lambda m: (
            f'    {{ url = "https://files.pythonhosted.org/packages/{m.hex(2)}/{m.hex(2)}/{m.hex(60)}/'
            f'{m.word()}-{m.version()}.tar.gz", hash = "sha256:{m.hex(64)}", size = {m.number()} }},'
        ),
    ),
    "pip hashes": (
        "py/requirements.txt",
        40,
        lambda m: (
            f"{m.name()}=={m.version()} \\\n    --hash=sha256:{m.hex(64)} \\\n    --hash=sha256:{m.hex(64)}"
        ),
    ),
    "conda": (
        "py/environment.lock.yml",
        20,
        lambda m: (
            f"  - url: https://conda.anaconda.org/conda-forge/noarch/{m.word()}-{m.version()}.conda\n"
            f"    sha256: {m.hex(64)}\n    md5: {m.hex(32)}"
        ),
    ),
    "conda, explicit": (
        "py/explicit.txt",
        20,
        lambda m: (
            f"https://conda.anaconda.org/conda-forge/linux-64/{m.word()}-{m.version()}.conda#{m.hex(32)}"
        ),
    ),
    "go.sum": (
        "go/sums.txt",
        40,
        lambda m: (
            f"github.com/{m.word()}/{m.word()} v{m.version()} h1:{m.b64(32)}\n"
            f"github.com/{m.word()}/{m.word()} v{m.version()}/go.mod h1:{m.b64(32)}"
        ),
    ),
    "go, pseudo version": (
        "go/go.mod",
        20,
        lambda m: (
            f"\tgithub.com/{m.word()}/{m.word()} v0.0.0-20260101{m.number(999999):06d}-{m.hex(12)}"
        ),
    ),
    "cargo lock": (
        "rust/lock.toml",
        30,
        lambda m: (
            f'[[package]]\nname = "{m.name()}"\nversion = "{m.version()}"\nsource = '
            f'"registry+https://github.com/rust-lang/crates.io-index"\nchecksum = "{m.hex(64)}"'
        ),
    ),
    "cargo, git": (
        "rust/git.toml",
        15,
        lambda m: (
            f'source = "git+https://github.com/{m.word()}/{m.word()}?rev={m.hex(7)}#{m.hex(40)}"'
        ),
    ),
    "composer lock": (
        "php/composer.json",
        15,
        lambda m: (
            f'"source": {{"type": "git", "url": "https://github.com/{m.word()}/{m.word()}.git", '
            f'"reference": "{m.hex(40)}"}}, "dist": {{"shasum": "{m.hex(40)}"}},'
        ),
    ),
    "gem lock": (
        "ruby/gems.txt",
        15,
        lambda m: (
            f"  remote: https://github.com/{m.word()}/{m.word()}.git\n  revision: {m.hex(40)}"
        ),
    ),
    "terraform lock": (
        "tf/lock.hcl",
        20,
        lambda m: f'    "h1:{m.b64(32)}",\n    "zh:{m.hex(64)}",',
    ),
    "nix": (
        "nix/flake.json",
        15,
        lambda m: (
            f'"locked": {{"narHash": "sha256-{m.b64(32)}", "owner": "{m.word()}", "rev": "{m.hex(40)}"}},'
        ),
    ),
    "bazel": (
        "bazel/WORKSPACE",
        15,
        lambda m: f'    sha256 = "{m.hex(64)}",\n    strip_prefix = "{m.word()}-{m.hex(40)}",',
    ),
    "swift": (
        "swift/resolved.json",
        10,
        lambda m: f'"state": {{"revision": "{m.hex(40)}", "version": "{m.version()}"}},',
    ),
    "homebrew": (
        "brew/formula.rb",
        10,
        lambda m: (
            f'  url "https://github.com/{m.word()}/archive/{m.hex(40)}.tar.gz"\n  sha256 "{m.hex(64)}"'
        ),
    ),
    "gradle": (
        "gradle/verification.xml",
        15,
        lambda m: (
            f'<artifact name="{m.word()}.jar"><sha256 value="{m.hex(64)}" origin="Generated"/></artifact>'
        ),
    ),
    "gradle wrapper": (
        "gradle/wrapper.properties",
        5,
        lambda m: f"distributionSha256Sum={m.hex(64)}",
    ),
    "checksums": ("sums/SHA256SUMS", 30, lambda m: f"{m.hex(64)}  {m.name()}.tar.gz"),
    "md5 sums": ("sums/MD5SUMS", 20, lambda m: f"{m.hex(32)} *{m.name()}.iso"),
    "workflow, pinned": (
        "ci/ci.yml",
        40,
        lambda m: f"      - uses: {m.word()}/{m.name()}@{m.hex(40)} # v{m.version()}",
    ),
    "workflow, secrets": (
        "ci/release.yml",
        20,
        lambda m: (
            f"          {m.word().upper()}_TOKEN: ${{{{ secrets.{m.word().upper()}_TOKEN }}}}\n"
            "          BILL_PASSWORD: ${{ secrets.BILL_PASSWORD }}\n"
            "          BILL_DEV_KEY: ${{ vars.BILL_DEV_KEY }}\n          key: "
            f"pip-${{{{ hashFiles('**/{m.word()}.lock') }}}}-{m.hex(40)}"
        ),
    ),
    "gitlab": (
        "ci/gitlab.yml",
        10,
        lambda m: (
            f"  image: registry.gitlab.com/{m.word()}/{m.word()}@sha256:{m.hex(64)}\n  ref: {m.hex(40)}"
        ),
    ),
    "pre-commit": (
        "ci/pre-commit.yaml",
        15,
        lambda m: (
            f"  - repo: https://github.com/{m.word()}/{m.word()}\n    rev: {m.hex(40)}  # frozen: v1"
        ),
    ),
    "Dockerfile": (
        "docker/Dockerfile",
        20,
        lambda m: (
            f"FROM {m.word()}/{m.word()}:{m.version()}@sha256:{m.hex(64)}\nARG BILL_PASSWORD\n"
            f"ENV BILL_ENVIRONMENT=sandbox GIT_COMMIT={m.hex(40)}"
        ),
    ),
    "compose": (
        "docker/compose.yml",
        20,
        lambda m: (
            f"    image: ghcr.io/{m.word()}/{m.word()}@sha256:{m.hex(64)}\n    environment:\n"
            "      BILL_PASSWORD: ${BILL_PASSWORD:?set it in .env}\n      - BILL_DEV_KEY\n"
            "      POSTGRES_PASSWORD: postgres"
        ),
    ),
    "Kubernetes": (
        "k8s/deploy.yaml",
        20,
        lambda m: (
            f"        image: {m.word()}@sha256:{m.hex(64)}\n        env:\n        - name: BILL_PASSWORD\n"
            "          valueFrom:\n            secretKeyRef:\n              name: bill\n              key: password\n"
            f"        uid: {m.uuid()}"
        ),
    ),
    "submodules": (
        "git/diff.patch",
        20,
        lambda m: (
            f"diff --git a/{m.word()} b/{m.word()}\nindex {m.hex(40)}..{m.hex(40)} 160000\n"
            f"-Subproject commit {m.hex(40)}\n+Subproject commit {m.hex(40)}"
        ),
    ),
    "refs": (
        "git/packed-refs",
        20,
        lambda m: f"{m.hex(40)} refs/tags/v{m.version()}\n^{m.hex(40)}",
    ),
    "git log": (
        "git/log.txt",
        20,
        lambda m: f"commit {m.hex(40)}\nMerge: {m.hex(9)} {m.hex(9)}\n    Revert {m.hex(40)}.",
    ),
    "blame ignore": ("git/ignore-revs", 10, lambda m: f"# format all\n{m.hex(40)}"),
    "css": (
        "web/site.css",
        15,
        lambda m: (
            f".{m.name()}{{background:url(data:image/png;base64,{m.b64(m.number(400) + 30)})}}\n"
            f"@font-face{{src:url(data:font/woff2;charset=utf-8;base64,d09GMgABAAAAA{m.b64(90)}) format('woff2')}}"
        ),
    ),
    "html": (
        "web/index.html",
        20,
        lambda m: (
            f'<script src="/assets/{m.word()}.{m.hex(20)}.js" integrity="sha384-{m.b64(48)}" '
            f'crossorigin="anonymous" nonce="{m.b64(16)}"></script>\n<img alt="" src="data:image/gif;base64,'
            f'R0lGODlh{m.b64(60)}">'
        ),
    ),
    "policy": (
        "web/headers.conf",
        10,
        lambda m: f"Content-Security-Policy: script-src 'sha256-{m.b64(32)}' 'nonce-{m.b64(16)}'",
    ),
    "svg": (
        "web/icons.svg",
        20,
        lambda m: (
            '<path d="M'
            + "".join(
                f"{m.random.choice('cCsSlLhHvV')}{m.number(99)}-{m.number(99)}-{m.number(9)}-{m.number(99)}"
                for _ in range(12)
            )
            + f'z" id="{m.id(12)}"/>'
        ),
    ),
    "minified": (
        "web/app.min.js",
        4,
        lambda m: "".join(
            f"var {m.id(2)}=function({m.id(1)},{m.id(1)}){{return {m.id(1)}.{m.word()}{m.id(3)}"
            f'("{m.id(m.number(40) + 3)}")}};'
            for _ in range(150)
        ),
    ),
    "source map": (
        "web/app.js.map",
        3,
        lambda m: json.dumps(
            {
                "version": 3,
                "mappings": ";".join(
                    ",".join(m.id(4).upper() for _ in range(9)) for _ in range(200)
                ),
                "sourcesContent": [f"const {m.word()} = {m.number()};\n"] * 5,
            }
        ),
    ),
    "source map, inline": (
        "web/vendor.js",
        3,
        lambda m: f"//# sourceMappingURL=data:application/json;charset=utf-8;base64,{m.b64(300)}",
    ),
    "manifest": (
        "web/manifest.json",
        20,
        lambda m: f'  "{m.word()}.js": "static/js/{m.word()}.{m.hex(8)}.chunk.js?v={m.hex(32)}",',
    ),
    "notebook": (
        "data/plot.ipynb",
        5,
        lambda m: json.dumps({"image/png": "iVBORw0KGgo" + m.b64(900), "id": m.hex(8)}),
    ),
    "notebook, wrapped": (
        "data/wrapped.ipynb",
        5,
        lambda m: '"image/jpeg": "' + '\\n",\n"'.join(m.b64(57) for _ in range(12)) + '\\n"',
    ),
    "mail": (
        "data/mail.eml",
        4,
        lambda m: (
            "Content-Transfer-Encoding: base64\n\n"
            + "\n".join(m.b64(57) for _ in range(15))
            + "\n"
            + m.b64(30)
        ),
    ),
    "certificate": (
        "tls/chain.pem",
        5,
        lambda m: (
            "-----BEGIN CERTIFICATE-----\n"
            + "\n".join(m.b64(48) for _ in range(12))
            + f"\n{m.b64(28)}\n-----END CERTIFICATE-----"
        ),
    ),
    "public keys": (
        "tls/authorized_keys",
        10,
        lambda m: (
            f"ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI{m.b64(30)} {m.word()}@{m.word()}\n"
            f"ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABgQ{m.b64(270)} ci"
        ),
    ),
    "fingerprints": (
        "tls/known.txt",
        10,
        lambda m: (
            f"SHA256:{m.b64(32).rstrip('=')} {m.word()} (ED25519)\n"
            + ":".join(m.hex(2) for _ in range(20))
        ),
    ),
    "uuids": (
        "data/fixtures.json.txt",
        40,
        lambda m: (
            f'{{"id": "{m.uuid()}", "vendorId": "{m.uuid()}", "traceId": "{m.hex(32)}", "name": "{m.word()}"}},'
        ),
    ),
    "ids of BILL": (
        "data/bills.yaml",
        30,
        lambda m: (
            f"- id: 00n01{m.id(15).upper()}\n  vendorId: 00901{m.id(15).upper()}\n  billNumber: {m.number()}"
        ),
    ),
    "csv": (
        "data/rows.csv",
        40,
        lambda m: (
            f"{m.uuid()},{m.word()},{m.hex(32)},{m.number()},2026-01-{m.number(27) + 1:02d}T10:00:00Z"
        ),
    ),
    "sql": (
        "data/dump.sql",
        30,
        lambda m: (
            f"INSERT INTO {m.word()} VALUES ('{m.uuid()}', '{m.hex(40)}', {m.number()}, '{m.word()}');"
        ),
    ),
    "access log": (
        "logs/access.log",
        40,
        lambda m: (
            f'10.0.0.{m.number(255)} - - "GET /{m.word()}/{m.uuid()} HTTP/1.1" 200 {m.number()} "-" '
            f'"curl/8" rid={m.hex(32)} trace={m.hex(32)}-{m.hex(16)}-1'
        ),
    ),
    "app log": (
        "logs/app.log",
        40,
        lambda m: (
            f'2026-01-01 INFO [{m.hex(16)}] {m.word()}: etag=W/"{m.b64(20)}" x-request-id: {m.uuid()} '
            f"x-amz-cf-id: {m.b64(40)}"
        ),
    ),
    "python": (
        "src/client.py",
        20,
        lambda m: (
            f"def {m.word()}(password: str, dev_key: str, session_id: str | None = None) -> None:\n"
            '    headers = {"devKey": dev_key, "sessionId": self._session_id}\n'
            '    session_id = answer.json()["sessionId"]\n'
            '    login(password=os.environ["BILL_PASSWORD"], dev_key=settings.bill.dev_key)\n'
            '    if "sessionId" not in body or not password:\n'
            f'        raise ValueError("BILL_DEV_KEY is not set: see {m.word()}.md")\n'
            '    names = ["devKey", "sessionId", "vendorId"]\n'
            f'    REVISION = "{m.hex(40)}"\n    token = next(tokens)\n    password = getpass()'
        ),
    ),
    "typescript": (
        "src/client.ts",
        15,
        lambda m: (
            "interface Login { userName: string; password: string; devKey?: string; orgId: string }\n"
            "const headers = { devKey: config.devKey, sessionId: session.id };\n"
            "const devKey = process.env.BILL_DEV_KEY!;\nconst password = await vault.read('bill');\n"
            f"export const {m.word()} = ({{ sessionId, devKey }}: Props) => get(`/v3/${{sessionId}}`);"
        ),
    ),
    "go": (
        "src/client.go",
        15,
        lambda m: (
            'type Login struct {\n\tDevKey    string `json:"devKey"`\n\tSessionID string `json:"sessionId"`\n}\n'
            'req.Header.Set("devKey", c.devKey)\nkey := os.Getenv("BILL_DEV_KEY")\n'
            f'const {m.word()} = "{m.uuid()}"'
        ),
    ),
    "java": (
        "src/Client.java",
        10,
        lambda m: (
            'private String devKey;\nrequest.header("sessionId", session.getId());\n'
            '@Value("${bill.dev-key}") private String billDevKey;\n'
            f'String password = System.getenv("BILL_PASSWORD");\nlong serialVersionUID = {m.number()}L;'
        ),
    ),
    "shell": (
        "src/run.sh",
        15,
        lambda m: (
            'export BILL_PASSWORD="$(pass show bill)"\nBILL_DEV_KEY=$1\n: "${BILL_DEV_KEY:?is not set}"\n'
            'curl -H "devKey: $BILL_DEV_KEY" -H "sessionId: ${SESSION}" "$URL"\n'
            f'git checkout {m.hex(40)}\n[ -n "$BILL_PASSWORD" ] || exit 1'
        ),
    ),
    "terraform": (
        "tf/main.tf",
        10,
        lambda m: (
            'variable "bill_password" {\n  type      = string\n  sensitive = true\n}\n'
            "bill_dev_key = var.bill_dev_key\npassword = random_password.db.result\n"
            f'ami = "ami-{m.hex(17)}"\nsource = "git::https://github.com/{m.word()}/{m.word()}.git?ref={m.hex(40)}"'
        ),
    ),
    "templates": (
        "docs/env.example",
        10,
        lambda m: (
            "BILL_USERNAME=\nBILL_PASSWORD=<your password>\nBILL_DEV_KEY=your-developer-key\n"
            "BILL_SPEND_API_TOKEN=PLACEHOLDER_BILL_SPEND_API_TOKEN\nBILL_SYNC_TOKEN_VALUE=xxxxxxxx\n"
            f"BILL_PARTNER_APP_KEY=changeme\nBILL_PARTNER_PASSWORD={{{{ lookup('{m.word()}') }}}}\n"
            "BILL_STAND_IN_KEY=%(key)s\nBILL_CONSOLE_API_TOKEN=${TOKEN}"
        ),
    ),
    "references": (
        "docs/refs.yml",
        10,
        lambda m: (
            f"BILL_PASSWORD: op://{m.word()}/bill/password\nBILL_DEV_KEY: !Ref BillDevKey\n"
            "bill_api_token: '{{ vault.bill.token }}'\nBILL_PARTNER_APP_KEY: ENC[AES256_GCM,data:"
            f"{m.b64(20)},iv:{m.b64(32)},tag:{m.b64(16)},type:str]\n"
            "BILL_PASSWORD_FILE: /run/secrets/bill_password\nBILL_SESSION_ID: null"
        ),
    ),
    "markdown": (
        "docs/guide.md",
        15,
        lambda m: (
            "| `BILL_PASSWORD` | the password of the user that signs in |\n"
            "| devKey | string | The developer key, from Settings |\n"
            "Set `BILL_DEV_KEY` and `BILL_PASSWORD`, then run `pytest`.\n"
            "- `sessionId`: expires after 35 minutes without use\n"
            f"See [{m.word()}](https://github.com/{m.word()}/{m.word()}/blob/{m.hex(40)}/README.md#L{m.number()})."
        ),
    ),
    "openapi": (
        "docs/openapi.yaml",
        15,
        lambda m: (
            "        devKey:\n          type: string\n          description: The developer key\n"
            "      - name: sessionId\n        in: header\n        required: true\n        schema: {type: string}\n"
            f"        password:\n          type: string\n          format: password\n      operationId: {m.word()}"
        ),
    ),
    "translations": (
        "docs/de.json",
        15,
        lambda m: (
            '{"password": "Passwort", "username": "Benutzername", "token": "Zugang", '
            f'"forgot_password": "Passwort vergessen?", "{m.word()}": "{m.word().title()} {m.word()}"}}'
        ),
    ),
    "css modules": (
        "web/mod.css",
        10,
        lambda m: f".{m.word()}_{m.id(5)} {{ color: #{m.hex(6)}; }}",
    ),
    "fonts": (
        "web/fonts.html",
        10,
        lambda m: (
            f'<link href="https://fonts.gstatic.com/s/{m.word()}/v30/{m.id(40)}.woff2" rel="preload">'
        ),
    ),
    "binary table": (
        "src/table.py",
        10,
        lambda m: "    " + ", ".join(f"0x{m.hex(8)}" for _ in range(8)) + ",",
    ),
    "digests in tests": (
        "src/test_digest.py",
        15,
        lambda m: (
            f'    assert digest(b"{m.word()}") == "{hashlib.sha256(m.word().encode()).hexdigest()}"\n'
            f'    ("{m.word()}", "{m.hex(32)}", "{m.hex(128)}"),'
        ),
    ),
}


def innocents() -> Iterator[tuple[str, str, str]]:
    """Files in which nothing is secret: the kind, the path, the text."""
    made = _Made()
    for kind, (path, times, line) in INNOCENT.items():
        yield kind, path, "\n".join(line(made) for _ in range(times)) + "\n"
    yield from _cassettes(made)


def _cassettes(made: _Made) -> Iterator[tuple[str, str, str]]:
    import yaml

    for vendor, (host, headers, answer) in _VENDORS.items():
        interactions = []
        for _ in range(8):
            request = {
                "method": "GET",
                "uri": f"https://{host}/v1/{made.word()}/{made.id(12)}",
                "body": None,
            }
            request["headers"] = {"Accept": ["*/*"], "Authorization": ["REDACTED"]}
            response = {
                "status": {"code": 200, "message": "OK"},
                "headers": {name: [value] for name, value in headers(made).items()},
                "body": {"string": json.dumps(answer(made), indent=1)},
            }
            interactions.append({"request": request, "response": response})
        data = {"version": 1, "interactions": interactions}
        yield f"cassette of {vendor}", f"cassettes/{vendor}.yaml", yaml.dump(data)


_Answer = Callable[[_Made], dict[str, object]]
_VENDORS: dict[str, tuple[str, Callable[[_Made], dict[str, str]], _Answer]] = {
    "stripe": (
        "api.stripe.com",
        lambda m: {
            "Request-Id": f"req_{m.id(14)}",
            "Idempotency-Key": m.uuid(),
            "Stripe-Version": "2026-01-28",
        },
        lambda m: {
            "id": f"ch_{m.id(24)}",
            "balance_transaction": f"txn_{m.id(24)}",
            "customer": f"cus_{m.id(14)}",
            "payment_intent": f"pi_{m.id(24)}",
            "fingerprint": m.id(16),
            "receipt_url": f"https://pay.stripe.com/receipts/payment/{m.b64(60)}",
            "last4": "4242",
            "routing_number": "110000000",
        },
    ),
    "github": (
        "api.github.com",
        lambda m: {
            "ETag": f'W/"{m.hex(64)}"',
            "X-GitHub-Request-Id": f"{m.hex(4)}:{m.hex(6)}:{m.hex(8)}",
        },
        lambda m: {
            "sha": m.hex(40),
            "node_id": _b64(f"06:Commit{m.number()}:{m.hex(40)}"),
            "url": f"https://api.github.com/repos/{m.word()}/{m.word()}/git/commits/{m.hex(40)}",
            "parents": [
                {"sha": m.hex(40), "html_url": f"https://github.com/a/b/commit/{m.hex(40)}"}
            ],
            "tree": {"oid": m.hex(40)},
            "content": _b64(f"# {m.word()}\n" * 20),
            "before": m.hex(40),
            "description": f"Bump from {m.hex(40)}",
        },
    ),
    "openai": (
        "api.openai.com",
        lambda m: {
            "x-request-id": f"req_{m.hex(32)}",
            "openai-processing-ms": "12",
            "CF-RAY": f"{m.hex(16)}-FRA",
            "Set-Cookie": f"__cf_bm={m.b64(40)}-1777777777-1.0.1.1-{m.id(60)}; path=/; HttpOnly",
        },
        lambda m: {
            "id": f"chatcmpl-{m.id(29)}",
            "system_fingerprint": f"fp_{m.hex(10)}",
            "choices": [{"logprobs": {"content": [{"token": f" {m.word()}", "bytes": [1]}]}}],
            "usage": {"prompt_tokens": m.number(), "completion_tokens": m.number()},
            "tool_calls": [{"id": f"call_{m.id(24)}"}],
        },
    ),
    "slack": (
        "slack.com",
        lambda m: {"x-slack-req-id": m.hex(32), "x-slack-unique-id": m.id(27)},
        lambda m: {
            "client_msg_id": m.uuid(),
            "ts": "1777777777.000100",
            "device": "phone",
            "team": "T0AAAAAAA",
        },
    ),
    "aws": (
        "ecr.eu-west-1.amazonaws.com",
        lambda m: {"x-amzn-RequestId": m.uuid(), "x-amz-id-2": m.b64(57)},
        lambda m: {
            "imageDigest": f"sha256:{m.hex(64)}",
            "imageTags": [m.hex(40)],
            "nextToken": m.b64(80),
        },
    ),
    "shop": (
        "acme.myshopify.com",
        lambda m: {"X-Request-Id": m.uuid(), "Set-Cookie": f"_shopify_y={m.uuid()}; path=/"},
        lambda m: {
            "admin_graphql_api_id": f"gid://shopify/Order/{m.number()}",
            "token": m.word(),
            "client_id": m.word(),
        },
    ),
}
