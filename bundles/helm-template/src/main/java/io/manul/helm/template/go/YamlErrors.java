package io.manul.helm.template.go;

import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/** snakeyaml-engine's complaints in go-yaml's words: both descend from libyaml. */
final class YamlErrors {

    private YamlErrors() {
    }

    static String why(String text, YamlEngineException e) {
        if (!(e instanceof MarkedYamlEngineException m) || m.getProblem() == null) {
            String message = String.valueOf(e.getMessage());
            return message.contains("special characters are not allowed") ? "control characters are not allowed"
                    : message.lines().findFirst().orElse("");
        }
        String problem = m.getProblem();
        int line = m.getProblemMark().map(Mark::getLine).orElse(0);
        int context = m.getContextMark().map(Mark::getLine).orElse(line);
        if (problem.startsWith("mapping values are not allowed")) {
            return "line " + (line + 1) + ": mapping values are not allowed in this context";
        }
        if (problem.contains("undefined alias") || problem.contains("found undefined alias")) {
            return "unknown anchor '" + problem.replaceFirst(".*undefined alias\\s*", "") + "' referenced";
        }
        if (problem.contains("that cannot start any token")) {
            return "line " + (line + 1) + ": found character that cannot start any token";
        }
        if (problem.startsWith("could not find expected ':'")) {
            return "line " + (line + (text.lines().count() > line ? 1 : 0)) + ": could not find expected ':'";
        }
        if (problem.startsWith("expected <block end>")) {
            String what = m.getContext() != null && m.getContext().contains("sequence") || m.getContext() != null
                    && m.getContext().contains("collection") ? "did not find expected '-' indicator" : "did not find expected key";
            return "line " + Math.max(1, Math.max(context, line)) + ": " + what;
        }
        if (problem.startsWith("expected ',' or '")) {
            return "line " + (context + 1) + ": did not find expected " + problem.substring("expected ".length()).replaceFirst(", but got.*", "");
        }
        if (problem.startsWith("expected the node content")) {
            return "line " + (line + 1) + ": did not find expected node content";
        }
        return "line " + (line + 1) + ": " + problem.replaceFirst(", but (got|found) .*", "");
    }
}
