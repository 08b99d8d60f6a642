package io.manul.helm.template.functions;

import java.time.InstantSource;
import java.util.random.RandomGenerator;

/** All of Sprig that Helm lets through ({@code env} and {@code expandenv} are left out; names are not looked up). */
public final class Sprig {

    private Sprig() {
    }

    public static Table table(InstantSource clock, RandomGenerator random) {
        Table t = new Table();
        Strings.add(t);
        Lists.add(t);
        Dicts.add(t);
        Maths.add(t);
        General.add(t);
        Regexes.add(t);
        Semvers.add(t);
        Dates.add(t, clock);
        Urls.add(t);
        Randoms.add(t, random);
        Crypto.add(t, random);
        Certificates.add(t, clock, random);
        t.add("getHostByName", "string", a -> "");
        return t;
    }
}
