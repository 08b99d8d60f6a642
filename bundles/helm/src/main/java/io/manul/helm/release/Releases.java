package io.manul.helm.release;

import io.manul.client.Cluster;
import io.manul.client.ClusterException;
import io.manul.client.Patch;
import io.manul.client.Resource;
import io.manul.client.Resources;
import io.manul.client.Selection;
import io.manul.helm.HelmException;
import io.manul.json.JsonException;
import io.manul.json.Obj;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/**
 * A release's revisions: {@code sh.helm.release.v1.NAME.vN}, labels name, owner, status, version, the JSON gzipped and in base64 below
 * data.release; in Secrets, or in ConfigMaps with the driver of that name.
 */
public final class Releases {

    /** Helm's own default for {@code --history-max}. */
    private static final int HISTORY = 10;
    private static final int MOST_BYTES = 32 << 20;

    private final Cluster cluster;
    private final InstantSource clock;
    private final boolean configMaps;

    public Releases(Cluster cluster, InstantSource clock, boolean configMaps) {
        this.cluster = cluster;
        this.clock = clock;
        this.configMaps = configMaps;
    }

    private Resource resource() {
        return configMaps ? Resources.CONFIG_MAPS : Resources.SECRETS;
    }

    /** Oldest first. */
    public List<Release> history(String namespace, String name) throws ClusterException, HelmException, InterruptedException {
        List<Release> all = new ArrayList<>();
        for (Obj o : cluster.list(resource(), Selection.in(namespace).labels("owner=helm,name=" + name)).items()) {
            all.add(decode(o));
        }
        all.sort(Comparator.comparingInt(Release::version));
        return all;
    }

    public void create(Release release) throws ClusterException, InterruptedException {
        cluster.create(resource(), release.namespace(), object(release));
    }

    /** Writes the revision again. */
    public void update(Release release) throws ClusterException, InterruptedException {
        Obj object = object(release);
        cluster.patch(resource(), release.namespace(), object.name(), "", Patch.MERGE,
                Obj.of("metadata", Obj.of("labels", object.at("metadata", "labels")), "data", object.at("data")));
    }

    /** Keeps the last ten. */
    public void prune(List<Release> history) throws ClusterException, InterruptedException {
        for (Release r : history.subList(0, Math.max(0, history.size() - HISTORY))) {
            if (!r.status().equals("deployed")) {
                cluster.delete(resource(), r.namespace(), secret(r));
            }
        }
    }

    public void deleteAll(List<Release> history) throws ClusterException, InterruptedException {
        for (Release r : history) {
            cluster.delete(resource(), r.namespace(), secret(r));
        }
    }

    private static String secret(Release r) {
        return "sh.helm.release.v1." + r.name() + ".v" + r.version();
    }

    private Obj object(Release r) {
        Obj labels = Obj.of("name", r.name(), "owner", "helm", "status", r.status(), "version", Integer.toString(r.version()),
                "modifiedAt", Long.toString(clock.instant().getEpochSecond()));
        String text = encode(r.json());
        Obj object = Obj.of("metadata", Obj.of("name", secret(r), "namespace", r.namespace(), "labels", labels));
        if (configMaps) {
            return object.put("data", Obj.of("release", text));
        }
        // a Secret's data is base64 once more
        return object.put("type", "helm.sh/release.v1").put("data", Obj.of("release",
                Base64.getEncoder().encodeToString(text.getBytes(java.nio.charset.StandardCharsets.US_ASCII))));
    }

    static String encode(Obj json) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream zip = new GZIPOutputStream(out)) {
            zip.write(json.bytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e); // in memory
        }
        return Base64.getEncoder().encodeToString(out.toByteArray());
    }

    private Release decode(Obj object) throws HelmException {
        String where = "release " + object.namespace() + "/" + object.name();
        try {
            String text = object.text("data", "release");
            byte[] zipped = Base64.getDecoder().decode(configMaps ? text
                    : new String(Base64.getDecoder().decode(text), java.nio.charset.StandardCharsets.US_ASCII));
            try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(zipped))) {
                byte[] json = in.readNBytes(MOST_BYTES + 1);
                if (json.length > MOST_BYTES) {
                    throw new HelmException(where + " is larger than " + MOST_BYTES + " bytes");
                }
                return new Release(Obj.parse(json));
            }
        } catch (IllegalArgumentException | IOException | JsonException e) {
            throw new HelmException(where + " cannot be read (" + e.getMessage() + "); delete its Secret, or repair it with the helm command");
        }
    }

    public static Optional<Release> last(List<Release> history) {
        return history.isEmpty() ? Optional.empty() : Optional.of(history.getLast());
    }

    /** The newest revision that was deployed. */
    public static Optional<Release> deployed(List<Release> history) {
        return history.reversed().stream().filter(r -> r.status().equals("deployed")).findFirst();
    }
}
