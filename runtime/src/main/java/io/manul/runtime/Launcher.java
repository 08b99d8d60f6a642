package io.manul.runtime;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.felix.framework.FrameworkFactory;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkEvent;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.startlevel.BundleStartLevel;

/** Starts the framework with a feature's bundles and waits until it has stopped. The framework's cache is disposable. */
final class Launcher {

    private static final int LAST_LEVEL = 20;

    private final Path home;
    private final ServerSettings settings;
    private final long launchedMillis;

    Launcher(Path home, ServerSettings settings, long launchedMillis) {
        this.home = home;
        this.settings = settings;
        this.launchedMillis = launchedMillis;
    }

    /** @param name of the feature @return the exit code */
    int run(String name) throws IOException, BundleException, InterruptedException {
        Feature feature = Feature.read(home.resolve("features").resolve(name + ".json"));
        Path cache = Path.of(settings.get("run-dir")).resolve("framework");
        deleteTree(cache);
        Framework framework = new FrameworkFactory().newFramework(properties(feature, cache));
        framework.init();
        install(framework.getBundleContext(), feature);
        Thread hook = Thread.ofPlatform().name("manul-stop").unstarted(() -> stop(framework));
        Runtime.getRuntime().addShutdownHook(hook);
        framework.start();
        Trim trim = Trim.ofThisProcess();
        FrameworkEvent event = framework.waitForStop(Trim.EVERY.toMillis());
        while (event.getType() == FrameworkEvent.WAIT_TIMEDOUT) {
            trim.look();
            event = framework.waitForStop(Trim.EVERY.toMillis());
        }
        if (event.getType() == FrameworkEvent.ERROR) {
            System.err.println("manul: the framework failed: " + event.getThrowable());
            return 1;
        }
        return Integer.getInteger("manul.exit", 0);
    }

    private Map<String, String> properties(Feature feature, Path cache) {
        Map<String, String> p = new HashMap<>();
        settings.all().forEach((k, v) -> p.put("manul." + k, v));
        p.put("manul.home", home.toString());
        p.put("manul.version", Version.TEXT);
        p.put("manul.launched-ms", Long.toString(launchedMillis));
        List<String> disable = new ArrayList<>(List.of(settings.get("disable").split("\n")));
        if ("true".equals(settings.all().get("disable-helm-controller"))) {
            disable.add("helm-controller");
        }
        p.put("manul.components", feature.bundles().stream().filter(Feature.Entry::component).filter(e -> e.wanted(disable))
                .map(Feature.Entry::room).collect(Collectors.joining(",")));
        feature.bundles().stream().filter(e -> !e.wakesWith().isEmpty())
                .forEach(e -> p.put("manul.wakes." + e.room(), String.join("\n", e.wakesWith())));
        p.put(Constants.FRAMEWORK_STORAGE, cache.toString());
        p.put(Constants.FRAMEWORK_STORAGE_CLEAN, Constants.FRAMEWORK_STORAGE_CLEAN_ONFIRSTINIT);
        p.put(Constants.FRAMEWORK_BEGINNING_STARTLEVEL, Integer.toString(LAST_LEVEL));
        p.put(Constants.FRAMEWORK_SYSTEMPACKAGES_EXTRA,
                "org.slf4j;version=2.0.17,org.slf4j.event;version=2.0.17,org.slf4j.helpers;version=2.0.17,org.slf4j.spi;version=2.0.17,"
                + "sun.misc,sun.security.ssl");
        p.put("felix.log.level", "1");
        p.put("ds.loglevel", "error");
        return p;
    }

    private void install(BundleContext context, Feature feature) throws BundleException, IOException {
        List<Bundle> bundles = new ArrayList<>();
        for (Feature.Entry entry : feature.bundles()) {
            Path jar = home.resolve("lib").resolve(entry.file());
            if (!Files.exists(jar)) {
                throw new IOException("bundle " + entry.id() + " of " + feature.id() + " is missing: " + jar
                        + "; build again (`mvn package`)");
            }
            Bundle bundle = context.installBundle("reference:file:" + jar);
            bundle.adapt(BundleStartLevel.class).setStartLevel(entry.startLevel());
            bundles.add(bundle);
        }
        for (Bundle bundle : bundles) {
            if (bundle.getHeaders().get(Constants.FRAGMENT_HOST) == null) {
                bundle.start(Bundle.START_ACTIVATION_POLICY);
            }
        }
    }

    /** SIGTERM: every room ends (containers go on), then the framework stops. */
    private void stop(Framework framework) {
        try {
            BundleContext context = framework.getBundleContext();
            if (context != null) {
                for (ServiceReference<Runnable> end : context.getServiceReferences(Runnable.class, "(manul.end=true)")) {
                    context.getService(end).run();
                }
            }
            framework.stop();
            framework.waitForStop(10_000);
            System.out.flush();
            Runtime.getRuntime().halt(Integer.getInteger("manul.exit", 0)); // stopped as asked: not 143
        } catch (BundleException | InvalidSyntaxException | IllegalStateException e) {
            System.err.println("manul: not stopped cleanly: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void deleteTree(Path root) throws IOException {
        if (!Files.exists(root)) {
            return;
        }
        Files.walkFileTree(root, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes a) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path folder, IOException e) throws IOException {
                Files.delete(folder);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
