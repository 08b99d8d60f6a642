package io.manul.helm.source;

import io.manul.helm.HelmException;
import io.manul.helm.Yaml;
import io.manul.json.Obj;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Fetches chart archives. */
public final class Sources {

    /** Stands for the API server in a chart's URL; below /static/ lies the folder DATA/server/static. */
    private static final String API = "%{KUBERNETES_API}%";

    private final Path staticFolder;

    public Sources(Path staticFolder) {
        this.staticFolder = staticFolder;
    }

    /** What {@code spec} of a HelmChart names: chartContent, URL, oci:// or a name in a repository. */
    public byte[] fetch(Obj spec, Access access) throws HelmException, InterruptedException {
        String content = spec.text("chartContent");
        if (!content.isEmpty()) {
            try {
                return Base64.getMimeDecoder().decode(content);
            } catch (IllegalArgumentException e) {
                throw new HelmException("spec.chartContent is no base64: " + e.getMessage());
            }
        }
        String chart = spec.text("chart");
        if (chart.contains(API)) {
            return local(chart);
        }
        try (Web web = new Web(access)) {
            if (chart.startsWith("oci://")) {
                return new Registry(web, access, chart).fetch(spec.text("version"));
            }
            String repository = spec.text("repo");
            if (repository.startsWith("oci://")) {
                return new Registry(web, access, repository.replaceFirst("/+$", "") + "/" + chart).fetch(spec.text("version"));
            }
            if (chart.startsWith("https://") || chart.startsWith("http://")) {
                return archive(web, uri(chart), access);
            }
            if (repository.isEmpty()) {
                throw new HelmException("spec.chart \"" + chart + "\" is neither a URL nor oci://, and spec.repo is empty");
            }
            return fromIndex(web, uri(repository.endsWith("/") ? repository : repository + "/"), chart, spec.text("version"), access);
        }
    }

    private byte[] local(String chart) throws HelmException {
        String path = chart.replaceFirst("^https?://" + java.util.regex.Pattern.quote(API), "");
        Path file = staticFolder.resolve(path.replaceFirst("^/static/", "")).normalize();
        if (!path.startsWith("/static/") || !file.startsWith(staticFolder)) {
            throw new HelmException("spec.chart \"" + chart + "\" does not lie below /static/");
        }
        try {
            if (!Files.isRegularFile(file)) {
                throw new HelmException("there is no " + file + ", which spec.chart names");
            }
            if (Files.size(file) > Web.MOST_BYTES) {
                throw new HelmException(file + " is larger than " + (Web.MOST_BYTES >> 20) + " MiB");
            }
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new HelmException(file + " cannot be read: " + e.getMessage(), true);
        }
    }

    private static byte[] archive(Web web, URI uri, Access access) throws HelmException, InterruptedException {
        Web.Answer answer = web.get(uri, headers(access), access.passToAll());
        if (answer.status() != 200) {
            throw new HelmException("failed to fetch " + uri + " : " + answer.status() + (answer.status() == 401 ? "; check authSecret" : ""),
                    answer.status() >= 500 || answer.status() == 429);
        }
        return answer.body();
    }

    private static byte[] fromIndex(Web web, URI repository, String chart, String constraint, Access access) throws HelmException, InterruptedException {
        String text = new String(archive(web, repository.resolve("index.yaml"), access), StandardCharsets.UTF_8);
        List<Obj> entries = Yaml.one(text, "the index of " + repository).objects("entries", chart);
        if (entries.isEmpty()) {
            throw new HelmException("chart \"" + chart + "\" not found in " + repository + " repository");
        }
        Map<String, Obj> versions = new LinkedHashMap<>();
        entries.forEach(e -> versions.putIfAbsent(e.text("version"), e));
        String version = Versions.best(List.copyOf(versions.keySet()), constraint).orElseThrow(() -> new HelmException("chart \"" + chart
                + "\" version \"" + constraint + "\" not found in " + repository + " repository"));
        Obj entry = versions.get(version);
        String url = entry.strings("urls").stream().findFirst().orElseThrow(() -> new HelmException("chart \"" + chart + "\" has no downloadable URLs"));
        if (url.startsWith("oci://")) {
            return new Registry(web, access, url.replaceFirst(":[^:/]+$", "")).fetch(version);
        }
        URI at = repository.resolve(url);
        boolean same = java.util.Objects.equals(at.getAuthority(), repository.getAuthority());
        byte[] bytes = archive(web, at, same || access.passToAll() ? access : Access.OPEN);
        String digest = entry.text("digest").replaceFirst("^sha256:", "");
        if (!digest.isEmpty() && !digest.equalsIgnoreCase(Registry.sha256(bytes))) {
            throw new HelmException(at + " does not have the digest that the index of " + repository + " names", true);
        }
        return bytes;
    }

    private static Map<String, String> headers(Access access) {
        return access.user().map(u -> Map.of("Authorization", "Basic " + Base64.getEncoder().encodeToString(u.getBytes(StandardCharsets.UTF_8))))
                .orElse(Map.of());
    }

    private static URI uri(String text) throws HelmException {
        try {
            return URI.create(text);
        } catch (IllegalArgumentException e) {
            throw new HelmException("\"" + text + "\" is no URL: " + e.getMessage());
        }
    }
}
