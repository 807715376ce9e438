# SPDX-License-Identifier: GPL-3.0-or-later
"""What must hold among the objects of one installation, besides the form of each (schema.py). Each rule is a function that takes an
Installation and gives sentences that say what is wrong; RULES has them all but the first, which holds before the others can be asked."""

import re

NAMESPACES = {"berth", "berth-workspaces"}
CLUSTER_WIDE = {"Namespace", "PriorityClass"}


class Installation:
    """The objects that an overlay renders to, and what its manifests say that others bring (k8s/references)."""

    def __init__(self, objects, references, options):
        self.objects = objects
        self.references = references  # (kind, "namespace/name" or name) → keys
        self.options = options  # names of berthd's options

    def all(self, *kinds):
        return [one for one in self.objects if one["kind"] in kinds]

    def find(self, kind, name):
        return next((one for one in self.all(kind) if one["metadata"]["name"] == name), None)

    def workloads(self):
        return self.all("Deployment", "StatefulSet")

    def pods(self):
        """(name, namespace, labels, spec) of each pod template."""
        return [(one["metadata"]["name"], one["metadata"]["namespace"], one["spec"]["template"]["metadata"]["labels"],
                 one["spec"]["template"]["spec"]) for one in self.workloads()]

    def config(self):
        return next((one["data"] for one in self.all("ConfigMap") if one["metadata"]["name"].startswith("berthd")), {})


def selects(selector, labels):
    return all(labels.get(name) == value for name, value in selector.items())


def amount(quantity):
    """Of cores or bytes."""
    number, unit = re.fullmatch(r"([0-9.]+)([A-Za-z]*)", str(quantity)).groups()
    return float(number) * {"": 1, "m": 0.001, "k": 1e3, "Ki": 2**10, "Mi": 2**20, "Gi": 2**30, "Ti": 2**40}[unit]


def names_and_places(these):
    faults, seen = [], set()
    for one in these.objects:
        meta = one["metadata"]
        key = (one["apiVersion"], one["kind"], meta.get("namespace"), meta["name"])
        if key in seen:
            faults.append(f"{key} is there twice")
        seen.add(key)
        if not re.fullmatch(r"[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?", meta["name"]):
            faults.append(f"{meta['name']} is no name")
        if (one["kind"] in CLUSTER_WIDE) == ("namespace" in meta):
            faults.append(f"{one['kind']}/{meta['name']}: namespace {meta.get('namespace')}")
        if "namespace" in meta and not these.find("Namespace", meta["namespace"]):
            faults.append(f"{one['kind']}/{meta['name']}: its namespace is not part of this")
    return faults


def namespaces_are_restricted(these):
    faults = [] if {one["metadata"]["name"] for one in these.all("Namespace")} == NAMESPACES else ["other namespaces"]
    for one in these.all("Namespace"):
        labels = one["metadata"].get("labels", {})
        for mode in ("enforce", "audit", "warn"):
            if labels.get("pod-security.kubernetes.io/" + mode) != "restricted":
                faults.append(f"{one['metadata']['name']}: pod security {mode} is not restricted")
        if labels.get("kubernetes.io/metadata.name") != one["metadata"]["name"]:
            faults.append(f"{one['metadata']['name']}: without the label that policies select by")
    return faults


def pods_are_closed(these):
    """Pod security "restricted", and more: no root file system that can be written, no token that is not needed."""
    faults = []
    for name, _, _, spec in these.pods():
        say = lambda what, who=name: faults.append(f"{who}: {what}")
        pod = spec.get("securityContext", {})
        if pod.get("runAsNonRoot") is not True or pod.get("runAsUser", 0) == 0 or pod.get("runAsGroup", 0) == 0:
            say("its pod may be root")
        if pod.get("seccompProfile") != {"type": "RuntimeDefault"}:
            say("its pod is without seccomp")
        if any(spec.get(key) for key in ("hostNetwork", "hostPID", "hostIPC", "shareProcessNamespace")):
            say("it shares the node's namespaces")
        if spec.get("enableServiceLinks") is not False:
            say("it gets every service's address in its environment")
        if spec.get("automountServiceAccountToken") is not (name == "berthd"):
            say("its token of the API")
        for volume in spec.get("volumes", []):
            if set(volume) - {"name", "emptyDir", "secret", "configMap", "projected", "persistentVolumeClaim"}:
                say(f"volume {volume['name']} is of the node")
            if "emptyDir" in volume and "sizeLimit" not in volume["emptyDir"]:
                say(f"volume {volume['name']} has no end")
            if "secret" in volume and volume["secret"].get("defaultMode") != 0o440:
                say(f"volume {volume['name']} can be read by others")
        for box in spec.get("initContainers", []) + spec["containers"]:
            closed = box.get("securityContext", {})
            for key, wanted in (("allowPrivilegeEscalation", False), ("privileged", False), ("readOnlyRootFilesystem", True),
                                ("runAsNonRoot", True), ("seccompProfile", {"type": "RuntimeDefault"}),
                                ("capabilities", {"drop": ["ALL"]})):
                if closed.get(key) != wanted:
                    say(f"container {box['name']}: {key} is {closed.get(key)}")
            if any("hostPort" in port for port in box.get("ports", [])):
                say(f"container {box['name']} takes a port of the node")
    return faults


def containers_say_what_they_take(these):
    faults = []
    for name, _, _, spec in these.pods():
        for box in spec.get("initContainers", []) + spec["containers"]:
            requests, limits = (box.get("resources", {}).get(key, {}) for key in ("requests", "limits"))
            for what in ("cpu", "memory", "ephemeral-storage"):
                if what not in requests or what not in limits:
                    faults.append(f"{name}/{box['name']}: {what} is not said")
                elif amount(requests[what]) > amount(limits[what]):
                    faults.append(f"{name}/{box['name']}: requests more {what} than its limit")
            if not re.fullmatch(r"[a-z0-9.:/-]+(:[0-9][0-9A-Za-z.-]*|@sha256:[0-9a-f]{64})", box["image"]) or box["image"].endswith(":latest"):
                faults.append(f"{name}/{box['name']}: image {box['image']} has no version")
            if "readinessProbe" not in box:
                faults.append(f"{name}/{box['name']}: nobody knows when it is ready")
    return faults


def probes_and_mounts_fit(these):
    faults = []
    for name, _, _, spec in these.pods():
        volumes = {one["name"] for one in spec.get("volumes", [])}
        volumes |= {claim["metadata"]["name"] for one in these.all("StatefulSet") if one["metadata"]["name"] == name
                    for claim in one["spec"].get("volumeClaimTemplates", [])}
        mounted = set()
        for box in spec.get("initContainers", []) + spec["containers"]:
            ports = {port["name"] for port in box.get("ports", [])}
            for probe in ("startupProbe", "livenessProbe", "readinessProbe"):
                for way in ("httpGet", "tcpSocket"):
                    port = box.get(probe, {}).get(way, {}).get("port", None)
                    if port is not None and port not in ports:
                        faults.append(f"{name}: {probe} asks the port {port}, which there is not")
            paths = [mount["mountPath"] for mount in box.get("volumeMounts", [])]
            if len(set(paths)) != len(paths):
                faults.append(f"{name}: two volumes at one place")
            mounted |= {mount["name"] for mount in box.get("volumeMounts", [])}
        if volumes != mounted:
            faults.append(f"{name}: volumes {sorted(volumes ^ mounted)} are there or mounted, not both")
    return faults


def selectors_meet(these):
    faults = []
    for one in these.workloads():
        name, spec = one["metadata"]["name"], one["spec"]
        labels = spec["template"]["metadata"]["labels"]
        if not selects(spec["selector"]["matchLabels"], labels):
            faults.append(f"{name}: selects other pods than its own")
        pod = spec["template"]["spec"]
        terms = [spread["labelSelector"] for spread in pod.get("topologySpreadConstraints", [])]
        terms += [term["podAffinityTerm"]["labelSelector"] for term in pod.get("affinity", {}).get("podAntiAffinity", {}).get(
            "preferredDuringSchedulingIgnoredDuringExecution", [])]
        if any(not selects(term["matchLabels"], labels) for term in terms):
            faults.append(f"{name}: is spread away from others than its own")
    found = lambda selector, space: [pod for pod in these.pods() if pod[1] == space and selects(selector, pod[2])]
    for one in these.all("Service"):
        pods = found(one["spec"]["selector"], one["metadata"]["namespace"])
        if len(pods) != 1:
            faults.append(f"Service/{one['metadata']['name']}: leads to {len(pods)} kinds of pods")
            continue
        ports = {port["name"] for box in pods[0][3]["containers"] for port in box.get("ports", [])}
        faults += [f"Service/{one['metadata']['name']}: port {port['targetPort']} is nobody's"
                   for port in one["spec"]["ports"] if port["targetPort"] not in ports]
    for one in these.all("PodDisruptionBudget", "PodMonitor"):
        if not found(one["spec"]["selector"]["matchLabels"], one["metadata"]["namespace"]):
            faults.append(f"{one['kind']}/{one['metadata']['name']}: selects nothing")
    for one in these.all("HorizontalPodAutoscaler"):
        target = one["spec"]["scaleTargetRef"]
        if not these.find(target["kind"], target["name"]):
            faults.append("the autoscaler scales nothing")
    for one in these.all("StatefulSet"):
        if not these.find("Service", one["spec"]["serviceName"]):
            faults.append(f"{one['metadata']['name']}: its service is missing")
    return faults


def routes_lead_to_services(these):
    faults = []
    wanted = [(path["backend"]["service"]["name"], path["backend"]["service"]["port"].get("name"))
              for one in these.all("Ingress") for rule in one["spec"]["rules"] for path in rule["http"]["paths"]]
    wanted += [(ref["name"], ref["port"]) for one in these.all("HTTPRoute") for rule in one["spec"]["rules"]
               for ref in rule.get("backendRefs", [])]
    for name, port in wanted:
        service = these.find("Service", name)
        if not service or port not in [there.get(key) for there in service["spec"]["ports"] for key in ("name", "port")]:
            faults.append(f"a route leads to {name}:{port}, which there is not")
    for one in these.all("HTTPRoute"):
        for parent in one["spec"]["parentRefs"]:
            gateway = these.find("Gateway", parent["name"])
            if not gateway or parent["sectionName"] not in [there["name"] for there in gateway["spec"]["listeners"]]:
                faults.append(f"{one['metadata']['name']}: its gateway has no {parent['sectionName']}")
    return faults


def used_references(these):
    """(kind, "namespace/name") → keys that are read, of what the manifests use and do not hold."""
    used = {}
    for _, space, _, spec in these.pods():
        for volume in spec.get("volumes", []):
            if "secret" in volume:
                used.setdefault(("Secret", f"{space}/{volume['secret']['secretName']}"), set())
        for box in spec.get("initContainers", []) + spec["containers"]:
            for mount in box.get("volumeMounts", []):
                secret = next((one["secret"]["secretName"] for one in spec["volumes"] if one["name"] == mount["name"] and "secret" in one), None)
                if secret:
                    paths = list(these.config().values()) + box.get("args", [])
                    found = {match[1] for path in paths for match in [re.search(re.escape(mount["mountPath"]) + r"/([^/\s]+)$", path)] if match}
                    used["Secret", f"{space}/{secret}"] |= found
    for one in these.all("Ingress"):
        used |= {("Secret", f"berth/{tls['secretName']}"): {"tls.crt", "tls.key"} for tls in one["spec"]["tls"]}
        used["IngressClass", one["spec"]["ingressClassName"]] = set()
    for one in these.all("Gateway"):
        used |= {("Secret", f"berth/{ref['name']}"): {"tls.crt", "tls.key"} for listener in one["spec"]["listeners"]
                 for ref in listener.get("tls", {}).get("certificateRefs", [])}
        used["GatewayClass", one["spec"]["gatewayClassName"]] = set()
    for one in these.all("PodMonitor"):
        for endpoint in one["spec"]["podMetricsEndpoints"]:
            credentials = endpoint["authorization"]["credentials"]
            used.setdefault(("Secret", f"berth/{credentials['name']}"), set()).add(credentials["key"])
    if "BERTH_KUBERNETES_STORAGE_CLASS" in these.config():
        used["StorageClass", these.config()["BERTH_KUBERNETES_STORAGE_CLASS"]] = set()
    return used


def references_exist(these):
    faults = []
    for (kind, name), keys in used_references(these).items():
        if (kind, name) not in these.references:
            faults.append(f"{kind} {name} is referred to, and k8s/references does not name it")
        elif not keys <= these.references[kind, name]:
            faults.append(f"{kind} {name}: its keys {sorted(keys - these.references[kind, name])} are not in k8s/references")
    for name, space, _, spec in these.pods():
        for box in spec["containers"]:
            for source in box.get("envFrom", []):
                config = these.find("ConfigMap", source["configMapRef"]["name"])
                if not config or config["metadata"]["namespace"] != space:
                    faults.append(f"{name}: there is no ConfigMap {source['configMapRef']['name']}")
        account = spec.get("serviceAccountName")
        if account and not these.find("ServiceAccount", account):
            faults.append(f"{name}: there is no ServiceAccount {account}")
        priority = spec.get("priorityClassName")
        if priority and not these.find("PriorityClass", priority):
            faults.append(f"{name}: there is no PriorityClass {priority}")
    return faults


RULES = [namespaces_are_restricted, pods_are_closed, containers_say_what_they_take, probes_and_mounts_fit, selectors_meet,
         routes_lead_to_services, references_exist]
