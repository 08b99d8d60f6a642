package io.manul.helm.template;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** The rules of a .helmignore file (helm.sh/docs/chart_template_guide/helm_ignore_file). */
final class Ignore {

    private record Rule(Pattern pattern, boolean base, boolean negate, boolean folder) {

        boolean matches(String path) {
            return pattern.matcher(base ? path.substring(path.lastIndexOf('/') + 1) : path).matches();
        }
    }

    private final List<Rule> rules = new ArrayList<>();

    private Ignore() {
    }

    static Ignore parse(String text) throws ChartException {
        Ignore out = new Ignore();
        for (String line : text.replaceFirst("^\ufeff", "").lines().toList()) {
            out.add(line.strip());
        }
        out.add("templates/.?*");
        return out;
    }

    private void add(String line) throws ChartException {
        if (line.isEmpty() || line.startsWith("#")) {
            return;
        }
        if (line.contains("**")) {
            throw new ChartException("double-star (**) syntax is not supported");
        }
        boolean negate = line.startsWith("!");
        String rule = negate ? line.substring(1) : line;
        boolean folder = rule.endsWith("/");
        rule = folder ? rule.substring(0, rule.length() - 1) : rule;
        boolean base = !rule.contains("/");
        rules.add(new Rule(Pattern.compile(Globs.path(rule.startsWith("/") ? rule.substring(1) : rule), Pattern.DOTALL), base, negate, folder));
    }

    boolean ignores(String path, boolean isFolder) {
        for (Rule r : rules) {
            if (r.negate) {
                if (r.folder && !isFolder || !r.matches(path)) {
                    return true;
                }
            } else if ((!r.folder || isFolder) && r.matches(path)) {
                return true;
            }
        }
        return false;
    }
}
