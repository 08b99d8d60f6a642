package io.manul.helm.template;

import io.manul.helm.template.functions.Constraint;
import io.manul.helm.template.functions.Sprig;
import io.manul.helm.template.functions.Table;
import io.manul.helm.template.go.GoError;
import io.manul.helm.template.go.GoMap;
import io.manul.helm.template.go.Text;
import io.manul.helm.template.lang.ExecError;
import io.manul.helm.template.lang.Limits;
import io.manul.helm.template.lang.ParseError;
import io.manul.helm.template.lang.Templates;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/** One rendering of one chart. */
final class Rendering {

    private static final long STACK_BYTES = 64L << 20; // reserved while a chart is rendered, and only touched as deep as it nests
    private static final Duration END = Duration.ofSeconds(3);

    private final InstantSource clock;
    private final RandomGenerator random;
    private final Renderer.Bounds bounds;
    private final Release release;
    private final Capabilities capabilities;
    private final Lookup lookup;

    Rendering(InstantSource clock, RandomGenerator random, Renderer.Bounds bounds, Release release, Capabilities capabilities, Lookup lookup) {
        this.clock = clock;
        this.random = random;
        this.bounds = bounds;
        this.release = release;
        this.capabilities = capabilities;
        this.lookup = lookup;
    }

    Rendered render(Chart chart, Map<String, Object> given) throws ChartException {
        String type = chart.metadata.text("type");
        if (!type.isEmpty() && !type.equals("application")) {
            throw new ChartException(type + " charts are not installable");
        }
        List<String> missing = missing(chart);
        if (!missing.isEmpty()) {
            throw new ChartException("An error occurred while checking for chart dependencies. You may need to run `helm dependency build` to "
                    + "fetch missing dependencies: found in Chart.yaml, but missing in charts/ directory: " + String.join(", ", missing));
        }
        Work work = Work.of(chart, Values.copy(given));
        GoMap values = Values.coalesce(work, given, false);
        String broken = Schemas.check(work, values);
        if (!broken.isEmpty()) {
            throw new ChartException("values don't meet the specifications of the schema(s) in the following chart(s):\n" + broken);
        }
        String wanted = chart.metadata.text("kubeVersion");
        if (!wanted.isEmpty() && !Constraint.compatible(wanted, capabilities.kubeVersion())) {
            throw new ChartException("chart requires kubeVersion: " + wanted + " which is incompatible with Kubernetes "
                    + capabilities.kubeVersion());
        }
        Map<String, String> texts = deep(work, values);
        String notes = texts.getOrDefault(work.name() + "/templates/NOTES.txt", "");
        texts.keySet().removeIf(k -> k.endsWith("NOTES.txt"));
        return Manifests.sort(texts, notes);
    }

    private static List<String> missing(Chart chart) {
        return Metadata.dependencies(chart.metadata).stream().map(Dependency::name)
                .filter(n -> chart.charts.stream().noneMatch(c -> c.name().equals(n))).toList();
    }

    /** Templates nest deeply: they run on a thread with a stack of their own. */
    private Map<String, String> deep(Work work, GoMap values) throws ChartException {
        Object[] result = new Object[1];
        Thread t = new Thread(null, () -> {
            try {
                result[0] = execute(work, values);
            } catch (ChartException | RuntimeException e) {
                result[0] = e;
            } catch (StackOverflowError e) {
                result[0] = new ChartException("rendering template failed: templates nest too deeply");
            }
        }, "helm-template", STACK_BYTES);
        t.setDaemon(true);
        t.start();
        try {
            t.join();
        } catch (InterruptedException e) {
            t.interrupt(); // the evaluator looks every thousand steps
            ended(t);
            Thread.currentThread().interrupt();
            throw new ChartException("rendering was interrupted");
        }
        return switch (result[0]) {
            case ChartException e -> throw e;
            case Limits.Exceeded e -> throw new ChartException("rendering template failed: " + e.getMessage());
            case RuntimeException e -> throw e;
            case Object texts -> texts(texts);
        };
    }

    /** One call of a function may take a moment yet; nobody waits longer than this for it. */
    private static void ended(Thread t) {
        try {
            t.join(END);
        } catch (InterruptedException again) {
            Thread.currentThread().interrupt();
        }
    }

    @SuppressWarnings("unchecked")
    private static Map<String, String> texts(Object texts) {
        return (Map<String, String>) texts;
    }

    private record Renderable(String text, GoMap data, String basePath) {
    }

    private Map<String, String> execute(Work work, GoMap values) throws ChartException {
        Map<String, Renderable> all = new LinkedHashMap<>();
        collect(work, values, all);
        Limits limits = new Limits(System::nanoTime, bounds.time().toNanos(), bounds.outputChars());
        Table table = Sprig.table(clock, random);
        HelmFunctions.add(table, lookup);
        Includes includes = new Includes();
        Templates templates = new Templates(new java.util.HashMap<>(table.functions()), limits);
        templates = templates.copy(includes.functions(() -> includes.root));
        includes.root = templates;
        List<String> names = new ArrayList<>(all.keySet());
        names.sort(Rendering::deepestFirst);
        for (String name : names) {
            try {
                templates.parse(name, all.get(name).text());
            } catch (ParseError e) {
                throw new ChartException(parseError(name, e.getMessage()));
            }
        }
        Map<String, String> out = new TreeMap<>();
        for (String name : names) {
            if (!name.substring(name.lastIndexOf('/') + 1).startsWith("_")) {
                out.put(name, execute(templates, name, all.get(name)));
            }
        }
        return out;
    }

    private static String execute(Templates templates, String name, Renderable r) throws ChartException {
        GoMap about = new GoMap(GoMap.VALUES);
        about.put("Name", name);
        about.put("BasePath", r.basePath());
        r.data().put("Template", about);
        try {
            return templates.execute("gotpl", name, r.data()).replace("<no value>", "");
        } catch (ExecError e) {
            throw new ChartException(execError(name, e.getMessage()));
        } catch (GoError e) {
            throw new ChartException(e.getMessage());
        }
    }

    /** Folders count first, then names, both from the end. */
    private static int deepestFirst(String a, String b) {
        int c = Long.compare(b.chars().filter(x -> x == '/').count(), a.chars().filter(x -> x == '/').count());
        return c != 0 ? c : b.compareTo(a);
    }

    private GoMap collect(Work w, GoMap parent, Map<String, Renderable> all) {
        GoMap next = new GoMap(GoMap.VALUES);
        GoMap charts = new GoMap();
        next.put("Chart", new ChartStruct(w));
        next.put("Files", new FilesMap(w.chart.files));
        next.put("Release", releaseMap());
        next.put("Capabilities", CapabilitiesStruct.of(capabilities));
        next.put("Values", w.parent == null ? typed(parent) : Values.table(parent.get(w.name())) == null ? new GoMap(GoMap.VALUES)
                : typed(Values.table(parent.get(w.name()))));
        next.put("Subcharts", charts);
        for (Work c : w.charts) {
            charts.put(c.name(), collect(c, (GoMap) next.get("Values"), all));
        }
        boolean library = w.chart.metadata.text("type").equalsIgnoreCase("library");
        for (ChartFile t : w.chart.templates) {
            if (!library || t.name().substring(t.name().lastIndexOf('/') + 1).startsWith("_")) {
                all.put(w.path() + "/" + t.name(), new Renderable(Text.of(t.data()), next, w.path() + "/templates"));
            }
        }
        return next;
    }

    /** The same entries under the type that {@code .Values} has. */
    private static GoMap typed(Map<String, Object> values) {
        GoMap out = new GoMap(GoMap.VALUES);
        out.putAll(values);
        return out;
    }

    private GoMap releaseMap() {
        GoMap m = new GoMap();
        m.put("Name", release.name());
        m.put("Namespace", release.namespace());
        m.put("IsUpgrade", release.isUpgrade());
        m.put("IsInstall", release.isInstall());
        m.put("Revision", io.manul.helm.template.go.Int.of(release.revision()));
        m.put("Service", "Helm");
        return m;
    }

    static String parseError(String name, String message) {
        String[] tokens = message.split(": ", -1);
        if (tokens.length == 1) {
            return "parse error in (" + name + "): " + message;
        }
        return "parse error at (" + tokens[1] + "): " + tokens[tokens.length - 1];
    }

    static String execError(String name, String message) {
        String[] tokens = message.split(": ", 3);
        if (tokens.length != 3) {
            return "execution error in (" + name + "): " + message;
        }
        int from = tokens[2].indexOf(HelmFunctions.WARN_START);
        int to = tokens[2].lastIndexOf(HelmFunctions.WARN_END);
        if (from >= 0 && to >= from + HelmFunctions.WARN_START.length()) {
            return "execution error at (" + tokens[1] + "): " + tokens[2].substring(from + HelmFunctions.WARN_START.length(), to);
        }
        return message;
    }
}
