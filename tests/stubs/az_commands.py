"""The commands and flags of the Azure CLI that our scripts may use, as its reference names them.

`!` marks a required flag, `?` one without a value, `+` one that takes several, `*` one that may
come several times; a word `@` says that the command takes a word of its own.
Reference: learn.microsoft.com/cli/azure, version 2.77; add a command here only from there.
"""

from dataclasses import dataclass

SHORT = {
    "-n": "--name",
    "-g": "--resource-group",
    "-o": "--output",
    "-y": "--yes",
    "-l": "--location",
}
SHORT |= {"-f": "--template-file", "-p": "--parameters", "-w": "--workspace"}
EVERYWHERE = "--query --output --subscription --only-show-errors? --verbose? --debug?"
APP = "--name! --resource-group!"
DEPLOYMENT = "--resource-group! --template-file --parameters+ --name --mode --rollback-on-error"

TEXTS = {
    "account set": "",
    "account show": "",
    "acr build": "@ --registry! --image --file --build-arg* --platform --no-push? --no-logs?",
    "acr import": "--name! --source! --image --registry --repository --force? --no-wait?"
    " --username --password --resource-group",
    "acr login": "--name! --expose-token? --resource-group --suffix",
    "acr repository show": "--name! --image --repository --suffix",
    "acr repository show-tags": "--name! --repository! --detail? --orderby --top --suffix",
    "acr show": "--name! --resource-group",
    "ad app create": "--display-name! --sign-in-audience --app-roles",
    "ad app federated-credential create": "--id! --parameters!",
    "ad sp create": "--id!",
    "ad sp show": "--id!",
    "bicep build": "--file! --stdout? --outfile --outdir --no-restore?",
    "bicep build-params": "--file! --stdout? --outfile --no-restore?",
    "bicep install": "--version --target-platform",
    "bicep lint": "--file! --no-restore? --diagnostics-format",
    "bicep upgrade": "--target-platform",
    "bicep version": "",
    "cognitiveservices account list-deleted": "",
    "cognitiveservices account purge": "--name! --resource-group! --location!",
    "containerapp env show": APP,
    "containerapp ingress traffic set": f"{APP} --revision-weight+ --label-weight+",
    "containerapp ingress traffic show": APP,
    "containerapp job execution list": APP,
    "containerapp job execution show": f"{APP} --job-execution-name!",
    "containerapp job show": APP,
    "containerapp job start": f"{APP} --image --container-name --command+ --args+ --env-vars+"
    " --cpu --memory --yaml --no-wait?",
    "containerapp job update": f"{APP} --image --container-name --set-env-vars+ --command+ --args+"
    " --remove-env-vars+ --replace-env-vars+ --cpu --memory --tags+ --yaml --no-wait?",
    "containerapp list": "--resource-group --environment --environment-type",
    "containerapp logs show": f"{APP} --container --follow --format --replica --revision --tail"
    " --type",
    "containerapp revision activate": "--revision! --name --resource-group!",
    "containerapp revision deactivate": "--revision! --name --resource-group!",
    "containerapp revision label add": "--label! --revision! --resource-group! --name --yes?"
    " --no-prompt?",
    "containerapp revision label remove": "--label! --resource-group! --name",
    "containerapp revision list": f"{APP} --all?",
    "containerapp revision restart": "--revision! --name --resource-group!",
    "containerapp revision show": "--revision! --name --resource-group!",
    "containerapp show": f"{APP} --show-secrets?",
    "containerapp update": f"{APP} --image --container-name --revision-suffix --set-env-vars+"
    " --remove-env-vars+ --replace-env-vars+ --min-replicas --max-replicas --cpu --memory"
    " --command+ --args+ --tags+ --workload-profile-name --yaml --no-wait?",
    "deployment group create": f"{DEPLOYMENT} --no-wait? --no-prompt --confirm-with-what-if?"
    " --what-if? --proceed-if-no-change? --result-format",
    "deployment group list": "--resource-group! --filter",
    "deployment group show": "--resource-group! --name!",
    "deployment group validate": f"{DEPLOYMENT} --validation-level",
    "deployment group what-if": f"{DEPLOYMENT} --result-format --no-pretty-print?"
    " --validation-level"
    " --exclude-change-types+ --no-prompt",
    "extension add": "--name --upgrade? --yes? --version --source",
    "group create": "--name! --location! --tags+ --managed-by",
    "group delete": "--name! --yes? --no-wait? --force-deletion-types",
    "group exists": "--name!",
    "group show": "--name!",
    "keyvault list-deleted": "--resource-type",
    "keyvault purge": "--name! --location --no-wait?",
    "keyvault recover": "--name! --location --resource-group --no-wait?",
    "keyvault secret list": "--vault-name! --include-managed? --maxresults",
    "keyvault secret set": "--vault-name! --name! --value --file --encoding --description --tags+"
    " --disabled --expires --not-before --content-type",
    "keyvault secret show": "--vault-name! --name! --version",
    "keyvault show": "--name --resource-group",
    "monitor log-analytics query": "--workspace! --analytics-query! --timespan --workspaces+",
    "monitor log-analytics workspace show": "--workspace-name! --resource-group!",
    "postgres flexible-server geo-restore": "--name! --resource-group! --source-server!"
    " --location! --vnet --subnet --private-dns-zone --yes? --no-wait?",
    "network dns record-set cname set-record": "--cname! --record-set-name! --resource-group!"
    " --zone-name! --if-none-match? --ttl",
    "postgres flexible-server replica promote": f"{APP} --promote-mode --promote-option --yes?",
    "postgres flexible-server restore": "--name! --resource-group! --source-server!"
    " --restore-time --vnet --subnet --private-dns-zone --yes? --no-wait?",
    "postgres flexible-server show": APP,
    "provider list": "--expand",
    "provider register": "--namespace! --wait? --consent-to-permissions? --management-group-id",
    "provider show": "--namespace! --expand",
    "resource list": "--resource-type --name --resource-group --location --namespace --tag",
    "rest": "--url! --method --body --headers+ --uri-parameters+ --resource --output-file"
    " --skip-authorization-header?",
    "role assignment create": "--role! --assignee --assignee-object-id --assignee-principal-type"
    " --scope! --name --description --condition --condition-version",
    "role assignment list": "--assignee --all? --role --scope --include-inherited?"
    " --include-groups? --resource-group --fill-principal-name --fill-role-definition-name",
    "storage blob list": "--account-name --container-name! --auth-mode --prefix --num-results"
    " --include --marker --delimiter",
}


class Misused(Exception):
    """A call that the real program would refuse; the text says why."""


@dataclass(frozen=True, slots=True)
class Call:
    """A command that exists, and its flags with their values; `[]` for a flag without one."""

    command: str
    flags: dict[str, list[str]]

    def value(self, flag: str, default: str = "") -> str:
        """Return the flag's only value."""
        return (self.flags.get(flag) or [default])[0]


def parse(words: list[str]) -> Call:
    """Return the call that these words are; raises Misused."""
    first = next((place for place, word in enumerate(words) if word.startswith("-")), len(words))
    command, rest = " ".join(words[:first]), words[first:]
    if command not in TEXTS:
        raise Misused(f"'{command}' is not a known command")
    kinds = _kinds(f"{TEXTS[command]} {EVERYWHERE}")
    flags = _read(command, rest, kinds)
    missing = [flag for flag, kind in kinds.items() if kind == "!" and flag not in flags]
    if missing:
        raise Misused(f"{command}: the following arguments are required: {', '.join(missing)}")
    return Call(command, flags)


def _kinds(text: str) -> dict[str, str]:
    return {word.rstrip("!?+*"): word[-1] if word[-1] in "!?+*" else "" for word in text.split()}


def _read(command: str, words: list[str], kinds: dict[str, str]) -> dict[str, list[str]]:
    flags: dict[str, list[str]] = {}
    current = ""
    for word in words:
        if word.startswith("-"):
            name, equals, value = word.partition("=")
            current = SHORT.get(name, name)
            if current not in kinds:
                raise Misused(f"{command}: unrecognized arguments: {word}")
            before = flags.get(current, []) if kinds[current] == "*" else []
            flags[current] = [*before, value] if equals else before
        elif "@" in kinds and not kinds[current].strip("!") and flags[current]:
            flags["@"] = [word]
        else:
            flags[current].append(word)
    for flag, values in flags.items():
        several = values != []
        wanted = {"?": not several, "+": several, "*": several}.get(kinds[flag], len(values) == 1)
        if not wanted:
            raise Misused(f"{command}: argument {flag}: {len(values)} values")
    return flags
