package io.manul.kubelet.container;

import io.manul.json.Obj;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The environment of a container (API reference, EnvVar, EnvFromSource): Services first, then envFrom, then env. */
public final class Environment {

    private final References references;

    public Environment(References references) {
        this.references = references;
    }

    public Map<String, String> of(Obj container, Downward downward, Map<String, String> services)
            throws ConfigException, InterruptedException {
        Map<String, String> out = new LinkedHashMap<>();
        String namespace = downward.pod().namespace();
        for (Obj from : container.objects("envFrom")) {
            String prefix = from.text("prefix");
            for (Map.Entry<String, byte[]> e : from(from, namespace).entrySet()) {
                out.put(prefix + e.getKey(), new String(e.getValue(), StandardCharsets.UTF_8));
            }
        }
        Map<String, String> seen = new LinkedHashMap<>(services);
        seen.putAll(out);
        for (Obj variable : container.objects("env")) {
            String name = variable.text("name");
            Optional<String> value = value(variable, container, downward, seen);
            if (value.isPresent()) {
                out.put(name, value.get());
                seen.put(name, value.get());
            }
        }
        services.forEach(out::putIfAbsent);
        return out;
    }

    private Map<String, byte[]> from(Obj from, String namespace) throws ConfigException, InterruptedException {
        boolean secret = from.has("secretRef");
        Obj reference = from.at(secret ? "secretRef" : "configMapRef");
        String name = reference.text("name");
        Optional<Obj> found = secret ? references.secret(namespace, name) : references.configMap(namespace, name);
        if (found.isEmpty() && !reference.flag("optional")) {
            return missing(secret ? "secret" : "configmap", name);
        }
        return found.map(secret ? References::ofSecret : References::ofConfigMap).orElseGet(Map::of);
    }

    private static Map<String, byte[]> missing(String what, String name) throws ConfigException {
        throw new ConfigException(what + " \"" + name + "\" not found");
    }

    private Optional<String> value(Obj variable, Obj container, Downward downward, Map<String, String> seen)
            throws ConfigException, InterruptedException {
        Optional<Obj> from = variable.object("valueFrom");
        if (from.isEmpty()) {
            return Optional.of(Expansion.expand(variable.text("value"), seen));
        }
        Obj source = from.get();
        if (source.has("fieldRef")) {
            return Optional.of(downward.field(source.text("fieldRef", "fieldPath")));
        }
        if (source.has("resourceFieldRef")) {
            return Optional.of(downward.resource(source.at("resourceFieldRef"), container.text("name")));
        }
        if (source.has("configMapKeyRef")) {
            return key(source.at("configMapKeyRef"), downward.pod().namespace(), "configmap");
        }
        if (source.has("secretKeyRef")) {
            return key(source.at("secretKeyRef"), downward.pod().namespace(), "secret");
        }
        throw new ConfigException("env " + variable.text("name") + ": valueFrom " + source.map().keySet() + " is not supported here");
    }

    private Optional<String> key(Obj reference, String namespace, String what) throws ConfigException, InterruptedException {
        String name = reference.text("name");
        boolean optional = reference.flag("optional");
        boolean secret = what.equals("secret");
        Optional<Obj> found = secret ? references.secret(namespace, name) : references.configMap(namespace, name);
        if (found.isEmpty()) {
            if (optional) {
                return Optional.empty();
            }
            missing(what, name);
        }
        Map<String, byte[]> all = secret ? References.ofSecret(found.orElseThrow()) : References.ofConfigMap(found.orElseThrow());
        byte[] value = all.get(reference.text("key"));
        if (value == null) {
            if (optional) {
                return Optional.empty();
            }
            throw new ConfigException("couldn't find key " + reference.text("key") + " in " + (secret ? "Secret " : "ConfigMap ")
                    + namespace + "/" + name);
        }
        return Optional.of(new String(value, StandardCharsets.UTF_8));
    }
}
