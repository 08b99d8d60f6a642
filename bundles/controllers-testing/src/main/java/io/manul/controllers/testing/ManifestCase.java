package io.manul.controllers.testing;

import io.manul.client.ClusterException;
import io.manul.client.Patch;
import io.manul.client.Resource;
import io.manul.json.Obj;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/**
 * One folder of manifests whose name is a promise. {@code given.yaml}: objects as they are (with status) before the
 * controllers act; {@code before.yaml}: what becomes of them; {@code when.yaml}: what the user applies then (a strategic
 * merge; with {@code delete: true} a deletion); {@code then.yaml}: what becomes of that; {@code when-2.yaml} and
 * {@code then-2.yaml} go on, where they are.
 *
 * <p>In what is expected a document matches when some object of its kind is as it says; a document of kind {@code Count} has
 * {@code of} (apiVersion, kind and more) and the number {@code is} of objects that are so.
 */
public record ManifestCase(Path folder) {

    /** Folders below {@code src/test/resources/NAME}; only the one that {@code -Dcase=} names when it is set. */
    public static Stream<ManifestCase> all(String name) throws IOException {
        String only = System.getProperty("case", "");
        try (Stream<Path> folders = Files.list(Path.of("src/test/resources", name))) {
            return folders.filter(Files::isDirectory).filter(f -> only.isEmpty() || f.getFileName().toString().equals(only)).sorted()
                    .map(ManifestCase::new).toList().stream();
        }
    }

    public void given(TestCluster api) throws Exception {
        for (Obj object : Manifests.read(folder.resolve("given.yaml"))) {
            create(api, object);
        }
    }

    private static void create(TestCluster api, Obj object) throws ClusterException, InterruptedException {
        Resource resource = api.resource(object);
        Obj made = api.admin().create(resource, object.namespace(), object);
        if (object.has("status")) {
            api.admin().patch(resource, made.namespace(), made.name(), "status", Patch.MERGE, Obj.of("status", object.at("status")));
        }
    }

    /** Plays the whole case with controllers that are started already. @param idle nobody acts at the moment */
    public void play(TestCluster api, BooleanSupplier idle) throws Exception {
        expect(api, "before.yaml", idle);
        for (String step : List.of("", "-2", "-3")) {
            apply(api, "when" + step + ".yaml");
            expect(api, "then" + step + ".yaml", idle);
        }
    }

    private void apply(TestCluster api, String file) throws Exception {
        for (Obj object : Manifests.read(folder.resolve(file))) {
            Resource resource = api.resource(object);
            boolean delete = object.flag("delete");
            object.remove("delete");
            if (delete) {
                api.admin().delete(resource, object.namespace(), object.name());
            } else if (api.admin().get(resource, object.namespace(), object.name()).isPresent()) {
                String sub = object.has("status") ? "status" : "";
                api.admin().patch(resource, object.namespace(), object.name(), sub, Patch.STRATEGIC, object);
            } else {
                create(api, object);
            }
        }
    }

    /** Waits until all of it holds, then until nobody acts any more, and looks once more. */
    private void expect(TestCluster api, String file, BooleanSupplier idle) throws Exception {
        List<Obj> wanted = Manifests.read(folder.resolve(file));
        List<Obj> missing = new ArrayList<>();
        try {
            api.await(file, () -> {
                missing.clear();
                missing.addAll(missing(api, wanted));
                return missing.isEmpty();
            });
            api.await(file + ": nobody acts", idle::getAsBoolean);
        } catch (AssertionError e) {
            throw new AssertionError(folder.getFileName() + "/" + file + " does not hold:\n" + Manifests.show(missing) + "there is:\n"
                    + Manifests.show(there(api, missing)), e);
        }
        List<Obj> late = missing(api, wanted);
        if (!late.isEmpty()) {
            throw new AssertionError(folder.getFileName() + "/" + file + " held, but no longer:\n" + Manifests.show(late) + "there is:\n"
                    + Manifests.show(there(api, late)));
        }
    }

    private static List<Obj> missing(TestCluster api, List<Obj> wanted) throws ClusterException, InterruptedException {
        List<Obj> missing = new ArrayList<>();
        for (Obj w : wanted) {
            boolean count = w.kind().equals("Count");
            Obj pattern = count ? w.at("of") : w;
            long n = 0;
            for (Obj o : api.list(api.resource(pattern))) {
                n += Manifests.matches(pattern, o.map()) ? 1 : 0;
            }
            if (count ? n != w.number("is").orElseThrow() : n == 0) {
                missing.add(w);
            }
        }
        return missing;
    }

    private static List<Obj> there(TestCluster api, List<Obj> of) throws ClusterException, InterruptedException {
        List<Obj> all = new ArrayList<>();
        for (Resource r : of.stream().map(w -> w.kind().equals("Count") ? w.at("of") : w).map(w -> {
            try {
                return api.resource(w);
            } catch (ClusterException | InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }).distinct().toList()) {
            all.addAll(api.list(r));
        }
        return all;
    }

    @Override
    public String toString() {
        return Objects.toString(folder.getFileName());
    }
}
