# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether an object has the form that Kubernetes' API says: fields that exist, of their types, none missing.

The API's own description is taken from Debian's python3-kubernetes, whose classes are generated from it (release 1.30: newer than
autoscaling/v2 and policy/v1, which older clusters lack). What is no part of Kubernetes itself, the Gateway API and the Prometheus
operator, is described here, as far as Berth uses it.
"""

import functools
import re

from kubernetes.client import models
from kubernetes.client.configuration import Configuration

# The versions that are current; what a newer one replaced is an error.
GROUPS = {
    "v1": ("V1", {"ConfigMap", "LimitRange", "Namespace", "ResourceQuota", "Secret", "Service", "ServiceAccount"}),
    "apps/v1": ("V1", {"Deployment", "StatefulSet"}),
    "autoscaling/v2": ("V2", {"HorizontalPodAutoscaler"}),
    "networking.k8s.io/v1": ("V1", {"Ingress", "NetworkPolicy"}),
    "policy/v1": ("V1", {"PodDisruptionBudget"}),
    "rbac.authorization.k8s.io/v1": ("V1", {"Role", "RoleBinding"}),
    "scheduling.k8s.io/v1": ("V1", {"PriorityClass"}),
}

# A type is "str", "int", "bool", [type], {"field": type}, with "!" behind the name of a field that must be there.
ROUTE_PARENT = {"name!": "str", "namespace": "str", "sectionName": "str"}
ROUTE_RULE = {
    "matches": [{"path": {"type!": "str", "value!": "str"}}],
    "filters": [{"type!": "str", "requestRedirect": {"scheme": "str", "statusCode": "int"}}],
    "timeouts": {"request": "duration", "backendRequest": "duration"},
    "backendRefs": [{"name!": "str", "port!": "int"}],
}
LISTENER = {
    "name!": "str", "protocol!": "str", "port!": "int", "hostname": "str",
    "tls": {"mode": "str", "certificateRefs!": [{"kind": "str", "name!": "str"}]},
    "allowedRoutes": {"namespaces": {"from": "str"}},
}
ENDPOINT = {
    "port!": "str", "path": "str", "interval": "duration", "scrapeTimeout": "duration",
    "authorization": {"type": "str", "credentials!": {"name!": "str", "key!": "str"}},
}
OTHERS = {
    ("gateway.networking.k8s.io/v1", "Gateway"): {"gatewayClassName!": "str", "listeners!": [LISTENER]},
    ("gateway.networking.k8s.io/v1", "HTTPRoute"): {"parentRefs!": [ROUTE_PARENT], "hostnames": ["str"], "rules!": [ROUTE_RULE]},
    ("monitoring.coreos.com/v1", "PodMonitor"): {"selector!": {"matchLabels!": {"*": "str"}}, "podMetricsEndpoints!": [ENDPOINT]},
}

_PLAIN = {"str": str, "int": int, "bool": bool, "float": (int, float)}


@functools.cache
def _required(model):
    """Names of attributes that the API refuses to be without: the class' own setters say so."""
    blank = model.__new__(model)
    blank.local_vars_configuration = Configuration()
    names = set()
    for name in model.openapi_types:
        try:
            setattr(blank, name, None)
        except ValueError:
            names.add(name)
    return names


def _plain(value, kind, path):
    if kind == "duration":
        return [] if isinstance(value, str) and re.fullmatch(r"(\d+(ms|s|m|h))+", value) else [f"{path}: no duration"]
    wanted = _PLAIN[kind]
    if isinstance(value, bool) and wanted is not bool:
        return [f"{path}: a truth value where a {kind} is wanted"]
    return [] if isinstance(value, wanted) else [f"{path}: {value!r} where a {kind} is wanted"]


def _of_model(value, model, path):
    if not isinstance(value, dict):
        return [f"{path}: no object"]
    fields = {json: name for name, json in model.attribute_map.items()}
    faults = [f"{path}.{key}: there is no such field" for key in value if key not in fields]
    faults += [f"{path}.{model.attribute_map[name]}: is missing" for name in _required(model)
               if model.attribute_map[name] not in value]
    for key, inner in value.items():
        if key in fields:
            faults += _of_type(inner, model.openapi_types[fields[key]], f"{path}.{key}")
    return faults


def _of_type(value, kind, path):
    if kind in ("object", "datetime"):  # "object": a number or a name
        return [] if isinstance(value, (str, int, dict)) and value is not None else [f"{path}: {value!r}"]
    if kind in _PLAIN:
        return _plain(value, kind, path)
    many = re.fullmatch(r"list\[(.*)\]", kind)
    if many:
        if not isinstance(value, list):
            return [f"{path}: no list"]
        return [fault for at, one in enumerate(value) for fault in _of_type(one, many[1], f"{path}[{at}]")]
    named = re.fullmatch(r"dict\(str, (.*)\)", kind)
    if named:
        if not isinstance(value, dict):
            return [f"{path}: no object"]
        return [fault for key, one in value.items() for fault in _of_type(one, named[1], f"{path}.{key}")]
    return _of_model(value, getattr(models, kind), path)


def _of_description(value, form, path):
    if isinstance(form, str):
        return _plain(value, form, path)
    if isinstance(form, list):
        if not isinstance(value, list):
            return [f"{path}: no list"]
        return [fault for at, one in enumerate(value) for fault in _of_description(one, form[0], f"{path}[{at}]")]
    if not isinstance(value, dict):
        return [f"{path}: no object"]
    if "*" in form:
        return [fault for key, one in value.items() for fault in _of_description(one, form["*"], f"{path}.{key}")]
    known = {name.rstrip("!"): inner for name, inner in form.items()}
    faults = [f"{path}.{key}: there is no such field" for key in value if key not in known]
    faults += [f"{path}.{name[:-1]}: is missing" for name in form if name.endswith("!") and name[:-1] not in value]
    for key, inner in value.items():
        if key in known:
            faults += _of_description(inner, known[key], f"{path}.{key}")
    return faults


def faults_of(thing):
    """Sentences that say what is wrong with an object's form."""
    version, kind = thing.get("apiVersion"), thing.get("kind")
    name = f"{kind}/{thing.get('metadata', {}).get('name')}"
    if (version, kind) in OTHERS:
        body = {key: value for key, value in thing.items() if key not in ("apiVersion", "kind", "metadata")}
        return _of_model(thing["metadata"], models.V1ObjectMeta, name + ".metadata") + _of_description(
            body, {"spec!": OTHERS[version, kind]}, name)
    if version not in GROUPS or kind not in GROUPS[version][1]:
        return [f"{name}: {version} is not the version that Kubernetes has today, or the kind is none that Berth uses"]
    return _of_model(thing, getattr(models, GROUPS[version][0] + kind), name)
