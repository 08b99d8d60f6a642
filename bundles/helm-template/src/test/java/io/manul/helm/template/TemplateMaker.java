package io.manul.helm.template;

import java.util.Random;

/** Writes random templates: mostly sensible, sometimes wrong. */
final class TemplateMaker {

    private static final String[] FIELDS = {".Values.s", ".Values.n", ".Values.f", ".Values.t", ".Values.z", ".Values.e", ".Values.nul", ".Values.l",
        ".Values.m", ".Values.m.a", ".Values.m.c.d", ".Values.missing", ".Values.missing.x", ".Values.s.x", ".Release.Name", ".Chart.Name", ".",
        "$.Values.s", "$.Values.l"};
    private static final String[] CONSTANTS = {"1", "0", "-3", "2.5", "1e3", "\"a\"", "\"b c\"", "`raw`", "true", "false", "nil", "'x'", "0x1f", "\"\"",
        "\"%v-%d\"", "\"a,b\"", "\"1\"", "\"k\""};
    private static final String[] STRINGS = {"\"a\"", "\"a b-c\"", "$.Values.s", "\"x: [1, two]\"", "\"%v|%s\"", "\"1.2.3\"", "\">=1.0\"", "\"FooBar9z\"",
        "\"\"", "\"é\\n\"", "\"{\\\"q\\\": 1.5}\"", "\"[a-c]+\"", "\"{{ . | toJson }}\"", "`x y`"};
    /** Functions and what they take: a(ny), s(tring), n(umber), l(ist), d(ictionary), b(oolean). */
    private static final String[] CALLS = ("quote a,squote a,upper s,lower s,title s,trim s,toString a,toJson a,toYaml a,len l,len s,not a,int a,float64 a,"
            + "int64 a,b64enc s,first l,last l,rest l,initial l,reverse l,uniq l,compact l,empty a,kindOf a,typeOf a,toStrings a,sortAlpha l,"
            + "print a,html a,js a,urlquery a,floor a,ceil a,add1 a,snakecase s,camelcase s,kebabcase s,initials s,untitle s,swapcase s,"
            + "fromYaml s,fromJson s,toPrettyJson a,until n,list a,dict s,println a,atoi s,sha1sum s,toRawJson a,nospace s,base s,dir s,clean s,ext s,"
            + "toDecimal a,b64dec s,fromYamlArray s,seq n,toYamlPretty a,eq a a,eq s s,ne s s,lt n n,le s s,gt n n,ge s s,and a a,or a a,default a a,"
            + "index l n,index d s,add a a,sub a a,mul a a,div n n,mod n n,max a a,min a a,contains s s,hasPrefix s s,hasSuffix s s,trimSuffix s s,"
            + "trimPrefix s s,append l a,prepend l a,has a l,without l a,join s l,splitList s s,split s s,trunc n s,indent n s,nindent n s,repeat n s,"
            + "list a a,print a a,printf s a,printf s a a,coalesce a a,hasKey d s,get d s,pick d s,omit d s,merge d d,mergeOverwrite d d,concat l l,"
            + "round a n,cat a a,slice l n,regexMatch s s,regexFind s s,regexReplaceAll s s s,dict s a,ternary a a b,required s a,deepEqual a a,kindIs s a,"
            + "addf a a,subf a a,mulf a a,wrap n s,abbrev n s,plural s s n,typeIs s a,all a a,any a a,trimAll s s,untilStep n n n,substr n n s,"
            + "replace s s s,set d s a,dig s a d,chunk n l,quote a a,semverCompare s s,tpl s a,lookup s s s s").replace(",lookup s s s s", "").split(",");

    private final Random random;
    private int variables;

    TemplateMaker(Random random) {
        this.random = random;
    }

    String make() {
        StringBuilder b = new StringBuilder("{{ define \"d\" }}<{{ . }}>{{ end }}a: |\n  x");
        int n = 1 + random.nextInt(4);
        for (int i = 0; i < n; i++) {
            b.append(node(3));
        }
        return b.append('\n').toString();
    }

    private String pick(String[] from) {
        return from[random.nextInt(from.length)];
    }

    private String node(int depth) {
        String trimLeft = random.nextInt(5) == 0 ? "{{- " : "{{ ";
        String trimRight = random.nextInt(5) == 0 ? " -}}" : " }}";
        if (depth == 0) {
            return trimLeft + pipe(1) + trimRight;
        }
        return switch (random.nextInt(10)) {
            case 0 -> trimLeft + "if " + pipe(2) + trimRight + node(depth - 1) + (random.nextBoolean() ? "{{ else }}" + node(depth - 1) : "") + "{{ end }}";
            case 1 -> trimLeft + "with " + pipe(2) + trimRight + node(depth - 1) + (random.nextBoolean() ? "{{ else }}no" : "") + "{{ end }}";
            case 2 -> trimLeft + "range " + pipe(1) + trimRight + node(depth - 1) + (random.nextInt(3) == 0 ? "{{ break }}" : ",") + "{{ end }}";
            case 3 -> {
                String v = "$v" + variables++;
                yield trimLeft + "range $i, " + v + " := " + pipe(1) + trimRight + "{{ $i }}={{ " + v + " }}" + node(depth - 1) + "{{ end }}";
            }
            case 4 -> {
                String v = "$v" + variables++;
                yield trimLeft + v + " := " + pipe(2) + trimRight + "{{ " + v + " | toJson }}";
            }
            case 5 -> trimLeft + "include \"d\" " + operand(1) + trimRight;
            case 6 -> trimLeft + "template \"d\" " + operand(1) + trimRight;
            default -> trimLeft + pipe(3) + (random.nextInt(3) == 0 ? " | toJson" : "") + trimRight;
        };
    }

    private String pipe(int depth) {
        StringBuilder b = new StringBuilder(command(depth));
        while (random.nextInt(4) == 0) {
            String[] call = pick(CALLS).split(" ");
            b.append(" | ").append(call[0]);
            for (int i = 1; i < call.length - 1; i++) {
                b.append(' ').append(operand(call[i], 0));
            }
        }
        return b.toString();
    }

    private String command(int depth) {
        return switch (random.nextInt(6)) {
            case 0 -> pick(FIELDS);
            case 1 -> pick(CONSTANTS);
            default -> call(depth);
        };
    }

    private String call(int depth) {
        String[] call = pick(CALLS).split(" ");
        StringBuilder b = new StringBuilder(call[0]);
        for (int i = 1; i < call.length; i++) {
            b.append(' ').append(operand(call[i], depth - 1));
        }
        return b.toString();
    }

    private String operand(int depth) {
        return operand("a", depth);
    }

    /** Mostly of the kind that is asked for. */
    private String operand(String kind, int depth) {
        String any = depth > 0 && random.nextBoolean() ? "(" + pipe(depth - 1) + ")" : random.nextBoolean() ? pick(FIELDS) : pick(CONSTANTS);
        if (random.nextInt(40) == 0) {
            return any;
        }
        return switch (kind) {
            case "s" -> random.nextBoolean() ? pick(STRINGS) : "(" + any + " | toString)";
            case "n" -> random.nextBoolean() ? "" + random.nextInt(6) : "(len " + pick(STRINGS) + ")";
            case "l" -> random.nextBoolean() ? ".Values.l".replace(".V", "$.V") : "(list " + any + " 1 \"a\")";
            case "d" -> random.nextBoolean() ? "(deepCopy $.Values.m)" : "(dict \"a\" " + any + " \"k\" 2)";
            case "b" -> random.nextBoolean() ? "true" : "(empty " + any + ")";
            default -> any;
        };
    }
}
