# SPDX-License-Identifier: GPL-3.0-or-later
"""What must hold of berthd's own objects: its options, rights, replicas and networks. In the manner of rules.py."""

import ipaddress
import re

from rules import amount

POLICY_KINDS = ["Ingress", "Egress"]


def berthd(these):
    return these.find("Deployment", "berthd")["spec"]


def environment(these):
    box = berthd(these)["template"]["spec"]["containers"][0]
    return these.config() | {one["name"]: one.get("value", "") for one in box.get("env", [])}


def options_are_berthds(these):
    told = environment(these)
    faults = [f"{name} is no option of berthd" for name in told if name.startswith("BERTH_") and name[6:].lower() not in these.options]
    for name in ("BERTH_DATABASE", "BERTH_STORAGE_BUCKET", "BERTH_KUBERNETES_RUNNER_IMAGE", "BERTH_KUBERNETES_DEFAULT_IMAGE"):
        if not told.get(name):
            faults.append(f"{name} is not set")
    fixed = {"BERTH_BACKEND": "kubernetes", "BERTH_STORAGE_KIND": "s3", "BERTH_KUBERNETES_NAMESPACE": "berth-workspaces",
             "BERTH_KUBERNETES_SERVER_NAMESPACE": "berth", "BERTH_KUBERNETES_APPLY_POLICY": "false", "BERTH_STORAGE_ENCRYPT": "true"}
    faults += [f"{name} is {told.get(name)}" for name, value in fixed.items() if told.get(name) != value]
    if not told.get("BERTH_DATABASE", "").startswith("postgresql://"):
        faults.append("replicas can't share a database that is a file")
    if re.search(r"://[^@/]*:[^@/]*@", told.get("BERTH_DATABASE", "")):
        faults.append("a password in a ConfigMap")
    if told.get("BERTH_STORAGE_ENCRYPT", "false") != "false" and "BERTH_STORAGE_KEY_FILE" not in told:
        faults.append("each replica would seal what it stores with a key of its own")
    faults += [f"{name} is a secret in plain sight" for name in told if re.search(r"(PASSWORD|_KEY|_TOKEN)$", name)]
    return faults


def nothing_is_dropped_by_an_update(these):
    spec = berthd(these)
    pod = spec["template"]["spec"]
    faults = []
    if spec["strategy"].get("rollingUpdate", {}).get("maxUnavailable") != 0:
        faults.append("an update takes replicas away before others are there")
    wait = pod["containers"][0].get("lifecycle", {}).get("preStop", {}).get("exec", {}).get("command", [])
    if not wait or not wait[0].endswith("/sleep") or int(wait[1]) < 5:
        faults.append("a replica ends while proxies still send people to it")
    elif pod.get("terminationGracePeriodSeconds", 30) < int(wait[1]) + 30:
        faults.append("a replica is killed while it hands over")
    box = pod["containers"][0]
    paths = [box.get(probe, {}).get("httpGet", {}).get("path") for probe in ("startupProbe", "livenessProbe", "readinessProbe")]
    if paths != ["/healthz", "/healthz", "/readyz"]:
        faults.append(f"probes ask {paths}")
    return faults


def replicas_are_many(these):
    faults = []
    scaler = these.find("HorizontalPodAutoscaler", "berthd")
    replicas = berthd(these).get("replicas")
    if not scaler:
        return [] if (replicas or 1) >= 2 else ["one replica"]
    spec = scaler["spec"]
    if replicas is not None:
        faults.append("the Deployment's replicas fight with the autoscaler's")
    if (spec.get("minReplicas"), spec["maxReplicas"]) != (2, 10):
        faults.append("not 2 to 10 replicas")
    if sorted(metric["resource"]["name"] for metric in spec["metrics"]) != ["cpu", "memory"]:
        faults.append("not scaled by cpu and memory")
    if not spec.get("behavior", {}).get("scaleDown", {}).get("stabilizationWindowSeconds"):
        faults.append("replicas go at once when load does")
    budget = these.find("PodDisruptionBudget", "berthd")
    if not budget or budget["spec"].get("maxUnavailable") != 1:
        faults.append("a drain may take all replicas")
    return faults


def rights_are_least(these):
    faults = []  # a ClusterRole is no kind that schema.py knows
    for role in these.all("Role"):
        if role["metadata"]["namespace"] != "berth-workspaces":
            faults.append("rights outside of the workspaces' namespace")
        for rule in role["rules"]:
            if "*" in rule["verbs"] + rule["resources"] + rule["apiGroups"] or any("/" in one for one in rule["resources"]):
                faults.append(f"a right to {rule['resources']} that is too wide")
    for binding in these.all("RoleBinding"):
        if not these.find("Role", binding["roleRef"]["name"]):
            faults.append("a binding of no role")
        if [(who["kind"], who["namespace"], who["name"]) for who in binding["subjects"]] != [("ServiceAccount", "berth", "berthd")]:
            faults.append("others than berthd have its rights")
    return faults


def networks_are_closed(these):
    faults = []
    policies = these.all("NetworkPolicy")
    for space in ("berth", "berth-workspaces"):
        if not any(one["metadata"]["namespace"] == space and one["spec"]["podSelector"] == {} and one["spec"]["policyTypes"] == POLICY_KINDS
                   and not one["spec"].get("ingress") and not one["spec"].get("egress") for one in policies):
            faults.append(f"{space}: whoever no policy names is open")
    pods = [(space, labels) for _, space, labels, _ in these.pods()] + [("berth-workspaces", {"app.kubernetes.io/name": "berth-workspace"})]
    for one in policies:
        name, spec = one["metadata"]["name"], one["spec"]
        chosen = spec["podSelector"].get("matchLabels", {})
        if not any(space == one["metadata"]["namespace"] and chosen.items() <= labels.items() for space, labels in pods):
            faults.append(f"{name}: is about nobody")
        for rule in spec.get("ingress", []):
            if not rule.get("from") or not rule.get("ports"):
                faults.append(f"{name}: lets anybody in, or to any port")
            if any("ipBlock" in peer for peer in rule.get("from", [])):
                faults.append(f"{name}: lets addresses in")
        if one["metadata"]["namespace"] == "berth":
            faults += [f"{name}: lets out to any port" for rule in spec.get("egress", []) if not rule.get("ports")]
        for rule in spec.get("egress", []):
            for peer in rule.get("to", []):
                block = peer.get("ipBlock")
                if block and any(not ipaddress.ip_network(part).subnet_of(ipaddress.ip_network(block["cidr"])) for part in block["except"]):
                    faults.append(f"{name}: excepts what it does not allow")
    return faults


def workspaces_fit_their_limits(these):
    quota = these.find("ResourceQuota", "workspaces")["spec"]["hard"]
    limits = {one["type"]: one for one in these.find("LimitRange", "workspaces")["spec"]["limits"]}
    told = environment(these)
    cpu = float(told.get("BERTH_WORKSPACE_CPU", 0.5))
    memory = float(told.get("BERTH_WORKSPACE_MEMORY", 512)) * 2**20
    home = float(told.get("BERTH_KUBERNETES_HOME_SIZE", 10240)) * 2**20
    scratch = float(told.get("BERTH_KUBERNETES_SCRATCH_SIZE", 2048)) * 2**20
    faults = []
    box = limits["Container"]
    for what, one in (("cpu", cpu), ("memory", memory), ("ephemeral-storage", scratch)):
        if one > amount(box["max"][what]):
            faults.append(f"no workspace may start: {what}")
        for kind in ("requests.", "limits."):
            if one * int(quota["pods"]) > amount(quota[kind + what]):
                faults.append(f"{kind}{what} ends before the pods do")
    if amount(box["min"]["cpu"]) > 0.01 or amount(box["min"]["memory"]) > 64 * 2**20:
        faults.append("the init container is smaller than the least")
    if not amount(limits["PersistentVolumeClaim"]["min"]["storage"]) <= home <= amount(limits["PersistentVolumeClaim"]["max"]["storage"]):
        faults.append("no home may be made")
    if home * int(quota["persistentvolumeclaims"]) > amount(quota["requests.storage"]):
        faults.append("requests.storage ends before the homes do")
    return faults


def hosts_agree(these):
    told = environment(these)
    served = [({rule["host"] for rule in one["spec"]["rules"]}, {host for tls in one["spec"]["tls"] for host in tls["hosts"]})
              for one in these.all("Ingress")]
    served += [(set(route["spec"]["hostnames"]), {one["hostname"] for one in gateway["spec"]["listeners"] if "tls" in one})
               for gateway in these.all("Gateway") for route in these.all("HTTPRoute")]
    if not served:
        return []
    wanted = {told.get("BERTH_PUBLIC_URL", "").removeprefix("https://"), "*." + told.get("BERTH_PREVIEW_HOST", "")}
    return [f"berthd is called {sorted(wanted)}, and outside {sorted(names)} with certificates for {sorted(certified)}"
            for names, certified in served if names != wanted or certified != wanted]


SERVER_RULES = [options_are_berthds, nothing_is_dropped_by_an_update, replicas_are_many, rights_are_least, networks_are_closed,
                workspaces_fit_their_limits, hosts_agree]
