package io.manul.helm.template.go;

import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ScannerException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/** snakeyaml-engine's complaints in go-yaml's words: both descend from libyaml. */
final class YamlErrors {

    private YamlErrors() {
    }

    static String why(String text, YamlEngineException e) {
        if (!(e instanceof MarkedYamlEngineException m) || m.getProblem() == null) {
            String message = String.valueOf(e.getMessage());
            return message.contains("special characters are not allowed") ? "control characters are not allowed"
                    : message.startsWith("Non scalar key") ? "did not find expected key" : message.lines().findFirst().orElse("");
        }
        String problem = problem(m);
        if (problem.startsWith("unknown anchor")) {
            return problem;
        }
        return where(text, m) + problem;
    }

    /** Lines as go-yaml counts them, which differs between its scanner and its parser; the first is not named. */
    private static String where(String text, MarkedYamlEngineException m) {
        int problem = m.getProblemMark().map(Mark::getLine).orElse(0);
        int context = m.getContextMark().map(Mark::getLine).orElse(0);
        if (m.getProblem().startsWith("could not find expected ':'")) {
            // libyaml notices a line later, or where the text ends
            problem = Math.min(context + 1, (int) text.lines().count());
        }
        if (!(m instanceof ScannerException) && m.getProblemMark().filter(mark -> mark.getPointer() >= mark.getBuffer().length
                && mark.getColumn() != 0).isPresent()) {
            // libyaml begins a line of its own for the end of the text
            problem++;
        }
        int line = problem != 0 ? problem + (m instanceof ScannerException ? 1 : 0) : context;
        return line == 0 ? "" : "line " + line + ": ";
    }

    private static String problem(MarkedYamlEngineException m) {
        String problem = m.getProblem();
        String context = m.getContext() == null ? "" : m.getContext();
        if (problem.startsWith("mapping values are not allowed")) {
            return "mapping values are not allowed in this context";
        }
        if (problem.contains("undefined alias")) {
            return "unknown anchor '" + problem.replaceFirst(".*undefined alias\\s*", "") + "' referenced";
        }
        if (problem.contains("that cannot start any token")) {
            return "found character that cannot start any token";
        }
        if (problem.startsWith("expected <block end>")) {
            return context.contains("collection") || context.contains("sequence") ? "did not find expected '-' indicator"
                    : "did not find expected key";
        }
        if (problem.startsWith("expected ',' or '")) {
            return "did not find " + problem.replaceFirst(", but got.*", "");
        }
        if (problem.startsWith("expected the node content")) {
            return "did not find expected node content";
        }
        if (problem.startsWith("expected alphabetic or numeric")) {
            return context.contains("directive") ? "could not find expected directive name" : "did not find expected alphabetic or numeric character";
        }
        if (problem.startsWith("unexpected character found")) {
            return "did not find expected alphabetic or numeric character";
        }
        if (problem.startsWith("expected '<document start>'")) {
            return "did not find expected <document start>";
        }
        return problem.replaceFirst(", but (got|found) .*", "");
    }
}
