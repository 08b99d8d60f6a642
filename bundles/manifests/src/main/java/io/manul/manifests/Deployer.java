package io.manul.manifests;

import io.manul.client.Cluster;
import io.manul.client.ClusterException;
import io.manul.client.Events;
import io.manul.json.Obj;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One pass over the folder: disable, skip, and apply what changed. What the first pass finds is applied in any case. */
final class Deployer {

    private static final Logger LOG = LoggerFactory.getLogger(Deployer.class);

    private final Path root;
    private final Set<String> disabled;
    private final AddOns addOns;
    private final Applier applier;
    private final Events events;
    /** Modification time of each file as last applied. */
    private final Map<Path, Long> applied = new HashMap<>();
    /** Why a file was refused last: told once. */
    private final Map<Path, String> refused = new HashMap<>();
    /** Files of the first pass that are not applied yet: their checksum does not matter. */
    private final Set<Path> forced = new HashSet<>();
    private boolean first = true;
    private boolean again;

    Deployer(Path root, List<String> disable, Cluster cluster, Events events) {
        this.root = root;
        this.disabled = Set.copyOf(disable);
        this.addOns = new AddOns(cluster);
        this.applier = new Applier(cluster, new Kinds(cluster));
        this.events = events;
    }

    /** @return false when something should be tried again soon: the API was away, or refused for now */
    boolean pass(Folder.Look look) throws InterruptedException {
        again = false;
        try {
            if (first) {
                addOns.ensureCrd();
                look.files().forEach(f -> forced.add(f.path()));
                first = false;
            }
        } catch (ClusterException e) {
            LOG.warn("The AddOn kind cannot be made; tried again why={}", e.getMessage());
            return false;
        }
        for (ManifestFile file : look.files()) {
            if (disabled(file)) {
                remove(file);
            } else if (!look.skipped().contains(file.path().getFileName().toString()) && changed(file)) {
                one(file);
            }
        }
        Set<Path> there = look.files().stream().map(ManifestFile::path).collect(Collectors.toSet());
        applied.keySet().retainAll(there);
        refused.keySet().retainAll(there);
        forced.retainAll(there);
        return !again;
    }

    private boolean changed(ManifestFile file) {
        return file.modifiedMillis() == 0 || !Long.valueOf(file.modifiedMillis()).equals(applied.get(file.path()));
    }

    private boolean disabled(ManifestFile file) {
        if (disabled.contains(file.disableName())) {
            return true;
        }
        Path folder = file.path().startsWith(root) ? root.relativize(file.path()).getParent() : null;
        while (folder != null && !disabled.contains(folder.toString())) {
            folder = folder.getParent();
        }
        return folder != null;
    }

    private void one(ManifestFile file) throws InterruptedException {
        String name = file.addOn();
        if (!name.matches("[a-z0-9]([-a-z0-9]*[a-z0-9])?") || name.length() > 253) {
            LOG.error("Manifest not applied: its name up to the first dot must be a lower-case DNS name (RFC 1123) file={}", file.path());
            settled(file);
            return;
        }
        Obj addOn = null;
        try {
            addOn = addOns.ensure(name, file.path().toString());
            content(file, addOn);
            settled(file);
        } catch (BadManifest e) {
            // nothing of it was lost: the objects of its last good version stay
            LOG.error("Manifest not applied; change the file file={} why={}", file.path(), e.getMessage());
            events.warning(addOn, e.reason(), e.getMessage());
            settled(file);
        } catch (IOException e) {
            LOG.error("Manifest not applied file={} why={}", file.path(), e.getMessage());
            again |= Files.exists(file.path());
        } catch (ClusterException e) {
            if (!Objects.equals(e.getMessage(), refused.put(file.path(), e.getMessage()))) {
                LOG.error("Manifest not applied; tried again file={} why={}", file.path(), e.getMessage());
            }
            if (addOn != null) {
                events.warning(addOn, "ApplyManifestFailed", "Applying manifest at \"" + file.path() + "\" failed: " + e.getMessage());
            }
            again = true;
        }
    }

    private void settled(ManifestFile file) {
        applied.put(file.path(), file.modifiedMillis());
        refused.remove(file.path());
        forced.remove(file.path());
    }

    private void content(ManifestFile file, Obj addOn) throws IOException, BadManifest, ClusterException, InterruptedException {
        byte[] bytes = Files.readAllBytes(file.path());
        String checksum = Digest.hex("SHA-256", bytes);
        if (!forced.contains(file.path()) && checksum.equals(addOn.text("spec", "checksum"))) {
            return;
        }
        List<Obj> objects = Documents.parse(bytes, file.path().toString());
        events.normal(addOn, "ApplyingManifest", "Applying manifest at \"" + file.path() + "\"");
        Set<String> gvks = applier.apply(file.addOn(), objects, AddOns.gvks(addOn));
        addOns.applied(file.addOn(), file.path().toString(), checksum, gvks);
        events.normal(addOn, "AppliedManifest", "Applied manifest at \"" + file.path() + "\"");
    }

    /** Disabled: its objects go, then the file, then the AddOn. */
    private void remove(ManifestFile file) throws InterruptedException {
        try {
            var addOn = addOns.get(file.addOn());
            if (addOn.isPresent()) {
                events.normal(addOn.get(), "DeletingManifest", "Deleting manifest at \"" + file.path() + "\"");
                applier.removeAll(file.addOn(), AddOns.gvks(addOn.get()));
            }
            Files.deleteIfExists(file.path());
            addOns.delete(file.addOn());
        } catch (ClusterException | IOException e) {
            LOG.error("Disabled manifest not removed; tried again file={} why={}", file.path(), e.getMessage());
            again = true;
        }
    }
}
