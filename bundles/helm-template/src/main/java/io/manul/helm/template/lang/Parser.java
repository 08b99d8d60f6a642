package io.manul.helm.template.lang;

import io.manul.helm.template.go.GoError;
import io.manul.helm.template.go.Text;
import io.manul.helm.template.lang.Token.Kind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** Reads a template's text into trees: its own, and those that it defines. */
final class Parser {

    private static final int MOST_PARENTHESES = 1000;
    private static final int MOST_NESTING = 1000;

    private final String name;
    private final Source source;
    private final Lexer lexer;
    private final Predicate<String> hasFunction;
    private final Map<String, Node.Block> trees = new LinkedHashMap<>();
    private final Token[] ahead = new Token[3];
    private int peeked;
    private List<String> variables = new ArrayList<>(List.of("$"));
    private int actionLine;
    private int ranges;
    private int parentheses;
    private int nesting;

    Parser(String name, String text, Predicate<String> hasFunction) {
        this.name = name;
        this.source = new Source(name, text);
        this.lexer = new Lexer(text);
        this.hasFunction = hasFunction;
    }

    /** @throws ParseError as {@code template: NAME:LINE: ...} */
    Map<String, Node.Block> parse() {
        Node.Block root = new Node.Block(peek().pos(), source, new ArrayList<>());
        while (peek().kind() != Kind.EOF) {
            if (peek().kind() == Kind.LEFT_DELIM) {
                Token delim = next();
                if (nextNonSpace().kind() == Kind.DEFINE) {
                    definition();
                    continue;
                }
                backup2(delim);
            }
            Node n = textOrAction();
            if (n instanceof Node.Stop) {
                throw error("unexpected " + n.shown());
            }
            if (n != null) {
                root.nodes().add(n);
            }
        }
        add(name, root);
        return trees;
    }

    private void definition() {
        List<String> outer = variables;
        int outerRanges = ranges;
        variables = new ArrayList<>(List.of("$"));
        ranges = 0;
        Token t = nextNonSpace();
        if (t.kind() != Kind.STRING && t.kind() != Kind.RAW_STRING) {
            throw unexpected(t, "define clause");
        }
        String defined = unquote(t);
        expect(Kind.RIGHT_DELIM, "define clause");
        body(defined, "define clause");
        variables = outer;
        ranges = outerRanges;
    }

    private void body(String defined, String context) {
        Block b = itemList();
        if (!b.stop.isEnd()) {
            throw error("unexpected " + b.stop.shown() + " in " + context);
        }
        add(defined, b.list);
    }

    private void add(String defined, Node.Block root) {
        Node.Block there = trees.get(defined);
        if (there == null || empty(there)) {
            trees.put(defined, root);
        } else if (!empty(root)) {
            throw error("template: multiple definition of template " + Text.quote(defined));
        }
    }

    static boolean empty(Node n) {
        return switch (n) {
            case Node.Block b -> b.nodes().stream().allMatch(Parser::empty);
            case Node.Words w -> Text.trim(w.text()).isEmpty();
            default -> false;
        };
    }

    private record Block(Node.Block list, Node.Stop stop) {
    }

    private Block itemList() {
        if (++nesting > MOST_NESTING) {
            throw error("max nesting depth exceeded");
        }
        Node.Block list = new Node.Block(peekNonSpace().pos(), source, new ArrayList<>());
        while (peekNonSpace().kind() != Kind.EOF) {
            Node n = textOrAction();
            if (n instanceof Node.Stop s) {
                nesting--;
                return new Block(list, s);
            }
            if (n != null) {
                list.nodes().add(n);
            }
        }
        throw error("unexpected EOF");
    }

    private Node textOrAction() {
        Token t = nextNonSpace();
        if (t.kind() == Kind.TEXT) {
            return new Node.Words(t.pos(), source, t.text());
        }
        if (t.kind() != Kind.LEFT_DELIM) {
            throw unexpected(t, "input");
        }
        actionLine = t.line();
        Node n = action();
        actionLine = 0;
        return n;
    }

    private Node action() {
        Token t = nextNonSpace();
        switch (t.kind()) {
            case BLOCK:
                return block();
            case BREAK, CONTINUE:
                return jump(t);
            case ELSE:
                return elseControl();
            case END:
                return new Node.Stop(expect(Kind.RIGHT_DELIM, "end").pos(), source, true);
            case IF:
                return control("if");
            case RANGE:
                return control("range");
            case WITH:
                return control("with");
            case TEMPLATE:
                return template();
            default:
                backup();
                return new Node.Action(peek().pos(), source, pipeline("command", Kind.RIGHT_DELIM));
        }
    }

    private Node jump(Token t) {
        String word = "{{" + t.text() + "}}";
        Token after = nextNonSpace();
        if (after.kind() != Kind.RIGHT_DELIM) {
            throw unexpected(after, word);
        }
        if (ranges == 0) {
            throw error(word + " outside {{range}}");
        }
        return new Node.Jump(t.pos(), source, t.kind() == Kind.BREAK);
    }

    private Node elseControl() {
        Token t = peekNonSpace();
        if (t.kind() == Kind.IF || t.kind() == Kind.WITH) {
            return new Node.Stop(t.pos(), source, false);
        }
        return new Node.Stop(expect(Kind.RIGHT_DELIM, "else").pos(), source, false);
    }

    private Node control(String word) {
        int mark = variables.size();
        Node.Pipe pipe = pipeline(word, Kind.RIGHT_DELIM);
        if (word.equals("range")) {
            ranges++;
        }
        Block b = itemList();
        if (word.equals("range")) {
            ranges--;
        }
        Node.Block otherwise = null;
        if (!b.stop.isEnd()) {
            if (word.equals("if") && peek().kind() == Kind.IF || word.equals("with") && peek().kind() == Kind.WITH) {
                next();
                otherwise = new Node.Block(b.stop.pos(), source, List.of(control(word)));
            } else {
                Block e = itemList();
                if (!e.stop.isEnd()) {
                    throw error("expected end; found " + e.stop.shown());
                }
                otherwise = e.list;
            }
        }
        variables.subList(mark, variables.size()).clear();
        return new Node.Branch(pipe.pos(), source, word, pipe, b.list, otherwise);
    }

    private Node block() {
        Token t = nextNonSpace();
        String defined = templateName(t, "block clause");
        Node.Pipe pipe = pipeline("block clause", Kind.RIGHT_DELIM);
        List<String> outer = variables;
        int outerRanges = ranges;
        variables = new ArrayList<>(List.of("$"));
        ranges = 0;
        body(defined, "block clause");
        variables = outer;
        ranges = outerRanges;
        return new Node.Call(t.pos(), source, defined, pipe);
    }

    private Node template() {
        Token t = nextNonSpace();
        String called = templateName(t, "template clause");
        Node.Pipe pipe = null;
        if (nextNonSpace().kind() != Kind.RIGHT_DELIM) {
            backup();
            pipe = pipeline("template clause", Kind.RIGHT_DELIM);
        }
        return new Node.Call(t.pos(), source, called, pipe);
    }

    private String templateName(Token t, String context) {
        if (t.kind() != Kind.STRING && t.kind() != Kind.RAW_STRING) {
            throw unexpected(t, context);
        }
        return unquote(t);
    }

    private Node.Pipe pipeline(String context, Kind end) {
        Node.Pipe pipe = new Node.Pipe(peekNonSpace().pos(), source);
        declarations(pipe, context);
        while (true) {
            Token t = nextNonSpace();
            if (t.kind() == end) {
                check(pipe, context);
                return pipe;
            }
            switch (t.kind()) {
                case BOOL, CHAR_CONSTANT, COMPLEX, DOT, FIELD, IDENTIFIER, NUMBER, NIL, RAW_STRING, STRING, VARIABLE, LEFT_PAREN -> {
                    backup();
                    pipe.commands.add(command());
                }
                default -> throw unexpected(t, context);
            }
        }
    }

    private void declarations(Node.Pipe pipe, String context) {
        while (peekNonSpace().kind() == Kind.VARIABLE) {
            Token v = nextNonSpace();
            Token after = peek();
            Token t = peekNonSpace();
            if (t.kind() == Kind.ASSIGN || t.kind() == Kind.DECLARE) {
                pipe.assigns = t.kind() == Kind.ASSIGN;
                nextNonSpace();
                declare(pipe, v);
                return;
            }
            if (t.kind() == Kind.CHAR && t.text().equals(",")) {
                nextNonSpace();
                declare(pipe, v);
                if (context.equals("range") && pipe.declared.size() < 2) {
                    Kind k = peekNonSpace().kind();
                    if (k == Kind.VARIABLE || k == Kind.RIGHT_DELIM || k == Kind.RIGHT_PAREN) {
                        continue;
                    }
                    throw error("range can only initialize variables");
                }
                throw error("too many declarations in " + context);
            }
            if (after.kind() == Kind.SPACE) {
                backup3(v, after);
            } else {
                backup2(v);
            }
            return;
        }
    }

    private void declare(Node.Pipe pipe, Token v) {
        pipe.declared.add(new Node.Variable(v.pos(), source, List.of(v.text())));
        variables.add(v.text());
    }

    private void check(Node.Pipe pipe, String context) {
        if (pipe.commands.isEmpty()) {
            throw error("missing value for " + context);
        }
        for (int i = 1; i < pipe.commands.size(); i++) {
            switch (pipe.commands.get(i).args().getFirst()) {
                case Node.Bool n -> throw nonExecutable(i);
                case Node.Dot n -> throw nonExecutable(i);
                case Node.Nil n -> throw nonExecutable(i);
                case Node.Num n -> throw nonExecutable(i);
                case Node.Str n -> throw nonExecutable(i);
                default -> {
                }
            }
        }
    }

    private ParseError nonExecutable(int i) {
        return error("non executable command in pipeline stage " + (i + 1));
    }

    private Node.Command command() {
        Node.Command c = new Node.Command(peekNonSpace().pos(), source, new ArrayList<>(3));
        while (true) {
            peekNonSpace();
            Node operand = operand();
            if (operand != null) {
                c.args().add(operand);
            }
            Token t = next();
            if (t.kind() == Kind.SPACE) {
                continue;
            }
            if (t.kind() == Kind.RIGHT_DELIM || t.kind() == Kind.RIGHT_PAREN) {
                backup();
            } else if (t.kind() != Kind.PIPE) {
                throw unexpected(t, "operand");
            }
            break;
        }
        if (c.args().isEmpty()) {
            throw error("empty command");
        }
        return c;
    }

    private Node operand() {
        Node node = term();
        if (node == null || peek().kind() != Kind.FIELD) {
            return node;
        }
        int pos = peek().pos();
        List<String> fields = new ArrayList<>();
        while (peek().kind() == Kind.FIELD) {
            fields.add(next().text().substring(1));
        }
        return switch (node) {
            case Node.Field f -> new Node.Field(pos, source, joined(f.path(), fields));
            case Node.Variable v -> new Node.Variable(pos, source, joined(v.path(), fields));
            case Node.Bool n -> throw afterTerm(n);
            case Node.Str n -> throw afterTerm(n);
            case Node.Num n -> throw afterTerm(n);
            case Node.Nil n -> throw afterTerm(n);
            case Node.Dot n -> throw afterTerm(n);
            default -> new Node.Chain(pos, source, node, fields);
        };
    }

    private ParseError afterTerm(Node n) {
        return error("unexpected . after term " + Text.quote(n.shown()));
    }

    private static List<String> joined(List<String> a, List<String> b) {
        List<String> all = new ArrayList<>(a);
        all.addAll(b);
        return all;
    }

    private Node term() {
        Token t = nextNonSpace();
        switch (t.kind()) {
            case IDENTIFIER:
                if (!hasFunction.test(t.text())) {
                    throw error("function " + Text.quote(t.text()) + " not defined");
                }
                return new Node.Identifier(t.pos(), source, t.text());
            case DOT:
                return new Node.Dot(t.pos(), source);
            case NIL:
                return new Node.Nil(t.pos(), source);
            case VARIABLE:
                if (!variables.contains(t.text())) {
                    throw error("undefined variable " + Text.quote(t.text()));
                }
                return new Node.Variable(t.pos(), source, List.of(t.text()));
            case FIELD:
                return new Node.Field(t.pos(), source, List.of(t.text().substring(1)));
            case BOOL:
                return new Node.Bool(t.pos(), source, t.text().equals("true"));
            case CHAR_CONSTANT, COMPLEX, NUMBER:
                try {
                    return Numbers.read(t.pos(), source, t);
                } catch (GoError e) {
                    throw error(e.getMessage());
                }
            case LEFT_PAREN:
                if (++parentheses > MOST_PARENTHESES) {
                    throw error("max expression depth exceeded");
                }
                Node inner = pipeline("parenthesized pipeline", Kind.RIGHT_PAREN);
                parentheses--;
                return inner;
            case STRING, RAW_STRING:
                return new Node.Str(t.pos(), source, t.text(), unquote(t));
            default:
                backup();
                return null;
        }
    }

    private String unquote(Token t) {
        try {
            return Quotes.string(t.text());
        } catch (GoError e) {
            throw error(e.getMessage());
        }
    }

    // ---- tokens

    private Token next() {
        if (peeked > 0) {
            peeked--;
        } else {
            ahead[0] = lexer.next();
        }
        return ahead[peeked];
    }

    private void backup() {
        peeked++;
    }

    private void backup2(Token t) {
        ahead[1] = t;
        peeked = 2;
    }

    private void backup3(Token first, Token second) {
        ahead[1] = second;
        ahead[2] = first;
        peeked = 3;
    }

    private Token peek() {
        if (peeked > 0) {
            return ahead[peeked - 1];
        }
        peeked = 1;
        ahead[0] = lexer.next();
        return ahead[0];
    }

    private Token nextNonSpace() {
        Token t = next();
        while (t.kind() == Kind.SPACE) {
            t = next();
        }
        return t;
    }

    private Token peekNonSpace() {
        Token t = nextNonSpace();
        backup();
        return t;
    }

    private Token expect(Kind kind, String context) {
        Token t = nextNonSpace();
        if (t.kind() != kind) {
            throw unexpected(t, context);
        }
        return t;
    }

    private ParseError unexpected(Token t, String context) {
        if (t.kind() == Kind.ERROR) {
            String extra = "";
            if (actionLine != 0 && actionLine != t.line()) {
                extra = " in action started at " + name + ":" + actionLine;
                if (t.text().endsWith(" action")) {
                    extra = extra.substring(" in action".length());
                }
            }
            return error(t.shown() + extra);
        }
        return error("unexpected " + t.shown() + " in " + context);
    }

    private ParseError error(String message) {
        return new ParseError("template: " + name + ":" + (ahead[0] == null ? 0 : ahead[0].line()) + ": " + message);
    }
}
