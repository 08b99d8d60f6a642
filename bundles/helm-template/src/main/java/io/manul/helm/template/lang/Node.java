package io.manul.helm.template.lang;

import io.manul.helm.template.go.Complex;
import io.manul.helm.template.go.Text;
import java.util.ArrayList;
import java.util.List;

/** The syntax tree. A node prints itself as Go's does: messages quote it. */
sealed interface Node {

    int pos();

    Source source();

    void write(StringBuilder b);

    default String shown() {
        StringBuilder b = new StringBuilder();
        write(b);
        return b.toString();
    }

    /** What stands inside a branch or template. */
    record Block(int pos, Source source, List<Node> nodes) implements Node {
        @Override
        public void write(StringBuilder b) {
            nodes.forEach(n -> n.write(b));
        }
    }

    record Words(int pos, Source source, String text) implements Node {
        @Override
        public void write(StringBuilder b) {
            b.append(text);
        }
    }

    record Action(int pos, Source source, Pipe pipe) implements Node {
        @Override
        public void write(StringBuilder b) {
            b.append("{{");
            pipe.write(b);
            b.append("}}");
        }
    }

    record Jump(int pos, Source source, boolean isBreak) implements Node {
        @Override
        public void write(StringBuilder b) {
            b.append(isBreak ? "{{break}}" : "{{continue}}");
        }
    }

    /** @param word {@code if}, {@code with} or {@code range} */
    record Branch(int pos, Source source, String word, Pipe pipe, Block list, Block otherwise) implements Node {
        @Override
        public void write(StringBuilder b) {
            b.append("{{").append(word).append(' ');
            pipe.write(b);
            b.append("}}");
            list.write(b);
            if (otherwise != null) {
                b.append("{{else}}");
                otherwise.write(b);
            }
            b.append("{{end}}");
        }
    }

    record Call(int pos, Source source, String name, Pipe pipe) implements Node {
        @Override
        public void write(StringBuilder b) {
            b.append("{{template ").append(Text.quote(name));
            if (pipe != null) {
                b.append(' ');
                pipe.write(b);
            }
            b.append("}}");
        }
    }

    /** An end or an else while parsing; never in a tree. */
    record Stop(int pos, Source source, boolean isEnd) implements Node {
        @Override
        public void write(StringBuilder b) {
            b.append(isEnd ? "{{end}}" : "{{else}}");
        }
    }

    /** A pipeline; filled while it is parsed. */
    final class Pipe implements Node {
        private final int pos;
        private final Source source;
        final List<Variable> declared = new ArrayList<>(1);
        final List<Command> commands = new ArrayList<>(1);
        boolean assigns;

        Pipe(int pos, Source source) {
            this.pos = pos;
            this.source = source;
        }

        @Override
        public int pos() {
            return pos;
        }

        @Override
        public Source source() {
            return source;
        }

        @Override
        public void write(StringBuilder b) {
            for (int i = 0; i < declared.size(); i++) {
                b.append(i > 0 ? ", " : "");
                declared.get(i).write(b);
            }
            if (!declared.isEmpty()) {
                b.append(assigns ? " = " : " := ");
            }
            for (int i = 0; i < commands.size(); i++) {
                b.append(i > 0 ? " | " : "");
                commands.get(i).write(b);
            }
        }
    }

    record Command(int pos, Source source, List<Node> args) implements Node {
        @Override
        public void write(StringBuilder b) {
            for (int i = 0; i < args.size(); i++) {
                b.append(i > 0 ? " " : "");
                parenthesized(b, args.get(i));
            }
        }
    }

    private static void parenthesized(StringBuilder b, Node n) {
        if (n instanceof Pipe) {
            b.append('(');
            n.write(b);
            b.append(')');
        } else {
            n.write(b);
        }
    }

    record Identifier(int pos, Source source, String name) implements Node {
        @Override
        public void write(StringBuilder b) {
            b.append(name);
        }
    }

    /** @param path {@code $x} and the fields after it */
    record Variable(int pos, Source source, List<String> path) implements Node {
        @Override
        public void write(StringBuilder b) {
            b.append(String.join(".", path));
        }
    }

    record Field(int pos, Source source, List<String> path) implements Node {
        @Override
        public void write(StringBuilder b) {
            path.forEach(p -> b.append('.').append(p));
        }
    }

    record Chain(int pos, Source source, Node node, List<String> fields) implements Node {
        @Override
        public void write(StringBuilder b) {
            parenthesized(b, node);
            fields.forEach(p -> b.append('.').append(p));
        }
    }

    record Dot(int pos, Source source) implements Node {
        @Override
        public void write(StringBuilder b) {
            b.append('.');
        }
    }

    record Nil(int pos, Source source) implements Node {
        @Override
        public void write(StringBuilder b) {
            b.append("nil");
        }
    }

    record Bool(int pos, Source source, boolean value) implements Node {
        @Override
        public void write(StringBuilder b) {
            b.append(value);
        }
    }

    record Str(int pos, Source source, String quoted, String value) implements Node {
        @Override
        public void write(StringBuilder b) {
            b.append(quoted);
        }
    }

    /** A constant, as every type that it could be; null where it cannot. The unsigned value is its bits. */
    record Num(int pos, Source source, String text, Long whole, Long unsigned, Double floating, Complex complex) implements Node {
        @Override
        public void write(StringBuilder b) {
            b.append(text);
        }
    }
}
