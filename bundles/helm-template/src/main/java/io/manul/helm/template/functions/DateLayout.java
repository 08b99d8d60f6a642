package io.manul.helm.template.functions;

import io.manul.helm.template.go.GoError;
import io.manul.helm.template.go.Text;
import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.TextStyle;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Go's date layouts: the reference time Mon Jan 2 15:04:05 MST 2006, written the way that the date should be. */
final class DateLayout {

    /** Longest first, where one begins with another. */
    private static final String[] TOKENS = {"January", "Jan", "Monday", "Mon", "MST", "2006", "002", "__2", "_2006", "_2", "Z070000", "Z07:00:00",
        "Z0700", "Z07:00", "Z07", "-070000", "-07:00:00", "-0700", "-07:00", "-07", "01", "02", "03", "04", "05", "06", "15", "PM", "pm",
        "1", "2", "3", "4", "5"};
    private static final String[] MONTHS = {"January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
        "November", "December"};
    private static final String[] DAYS = {"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"};

    private record Part(String token, String text) {
    }

    private DateLayout() {
    }

    private static List<Part> parts(String layout) {
        List<Part> out = new ArrayList<>();
        StringBuilder plain = new StringBuilder();
        for (int i = 0; i < layout.length(); ) {
            String t = token(layout, i);
            if (t == null) {
                plain.append(layout.charAt(i++));
                continue;
            }
            if (t.equals("_2006")) {
                plain.append('_');
                t = "2006";
                i++;
            }
            if (!plain.isEmpty()) {
                out.add(new Part(null, plain.toString()));
                plain.setLength(0);
            }
            out.add(new Part(t, t));
            i += t.length();
        }
        if (!plain.isEmpty()) {
            out.add(new Part(null, plain.toString()));
        }
        return out;
    }

    private static String token(String layout, int at) {
        char c = layout.charAt(at);
        if (c == '.' || c == ',') {
            int end = at + 1;
            while (end < layout.length() && (layout.charAt(end) == '0' || layout.charAt(end) == '9') && layout.charAt(end) == layout.charAt(at + 1)) {
                end++;
            }
            boolean digits = end < layout.length() && Character.isDigit(layout.charAt(end));
            return end > at + 1 && !digits ? layout.substring(at, end) : null;
        }
        for (String t : TOKENS) {
            if (layout.startsWith(t, at)) {
                boolean inWord = (t.equals("Jan") || t.equals("Mon")) && at + 3 < layout.length() && Character.isLowerCase(layout.charAt(at + 3));
                if (!inWord) {
                    return t;
                }
            }
        }
        return null;
    }

    static String format(String layout, ZonedDateTime t) {
        StringBuilder b = new StringBuilder();
        for (Part p : parts(layout)) {
            b.append(p.token == null ? p.text : one(p.token, t));
        }
        return b.toString();
    }

    private static String one(String token, ZonedDateTime t) {
        int hour = t.getHour() % 12 == 0 ? 12 : t.getHour() % 12;
        return switch (token) {
            case "January" -> MONTHS[t.getMonthValue() - 1];
            case "Jan" -> MONTHS[t.getMonthValue() - 1].substring(0, 3);
            case "1" -> "" + t.getMonthValue();
            case "01" -> two(t.getMonthValue());
            case "Monday" -> DAYS[t.getDayOfWeek().getValue() - 1];
            case "Mon" -> DAYS[t.getDayOfWeek().getValue() - 1].substring(0, 3);
            case "2" -> "" + t.getDayOfMonth();
            case "_2" -> String.format("%2d", t.getDayOfMonth());
            case "02" -> two(t.getDayOfMonth());
            case "__2" -> String.format("%3d", t.getDayOfYear());
            case "002" -> String.format("%03d", t.getDayOfYear());
            case "15" -> two(t.getHour());
            case "3" -> "" + hour;
            case "03" -> two(hour);
            case "4" -> "" + t.getMinute();
            case "04" -> two(t.getMinute());
            case "5" -> "" + t.getSecond();
            case "05" -> two(t.getSecond());
            case "2006" -> String.format("%04d", t.getYear());
            case "06" -> two(Math.floorMod(t.getYear(), 100));
            case "PM" -> t.getHour() >= 12 ? "PM" : "AM";
            case "pm" -> t.getHour() >= 12 ? "pm" : "am";
            case "MST" -> zoneName(t);
            default -> token.charAt(0) == '.' || token.charAt(0) == ',' ? fraction(token, t.getNano()) : offset(token, t.getOffset().getTotalSeconds());
        };
    }

    private static String two(int n) {
        return n < 10 ? "0" + n : "" + n;
    }

    private static String zoneName(ZonedDateTime t) {
        if (t.getOffset().getTotalSeconds() == 0 && (t.getZone() instanceof ZoneOffset || t.getZone().getId().matches("UTC|Etc/UTC|GMT0?|Z|Etc/.*"))) {
            return "UTC";
        }
        String name = java.time.format.DateTimeFormatter.ofPattern("zzz", Locale.US).format(t);
        String full = t.getZone().getDisplayName(TextStyle.SHORT, Locale.US);
        if (name.matches("[A-Z]{3,5}") && !full.isEmpty()) {
            return name;
        }
        return offset(t.getOffset().getTotalSeconds() % 3600 == 0 ? "-07" : "-0700", t.getOffset().getTotalSeconds());
    }

    private static String fraction(String token, int nanos) {
        String digits = String.format("%09d", nanos).substring(0, Math.min(9, token.length() - 1));
        if (token.charAt(1) == '0') {
            return token.charAt(0) + digits;
        }
        String trimmed = digits.replaceFirst("0+$", "");
        return trimmed.isEmpty() ? "" : token.charAt(0) + trimmed;
    }

    private static String offset(String token, int seconds) {
        if (token.charAt(0) == 'Z' && seconds == 0) {
            return "Z";
        }
        int s = Math.abs(seconds);
        String colon = token.contains(":") ? ":" : "";
        String out = (seconds < 0 ? "-" : "+") + two(s / 3600);
        int size = token.replace(":", "").length();
        return out + (size >= 5 ? colon + two(s / 60 % 60) : "") + (size >= 7 ? colon + two(s % 60) : "");
    }

    // ---- parsing

    /** @throws GoError in the words of time.Parse */
    static ZonedDateTime parse(String layout, String value) {
        int[] f = {1, 1, 1, 0, 0, 0, 0, -1, 0};
        ZoneId zone = ZoneId.systemDefault();
        f[0] = 0;
        String rest = value;
        for (Part p : parts(layout)) {
            if (p.token == null) {
                if (!rest.startsWith(p.text)) {
                    throw bad(layout, value, p.text, rest);
                }
                rest = rest.substring(p.text.length());
                continue;
            }
            String taken = take(p.token, rest);
            if (taken == null) {
                throw bad(layout, value, p.token, rest);
            }
            rest = rest.substring(taken.length());
            ZoneId found = set(f, p.token, taken.strip());
            zone = found == null ? zone : found;
        }
        if (!rest.isEmpty()) {
            throw new GoError("parsing time " + Text.quote(value) + ": extra text: " + Text.quote(rest));
        }
        int hour = f[7] < 0 ? f[3] : f[3] % 12 + (f[7] == 1 ? 12 : 0);
        try {
            return LocalDateTime.of(f[0], f[1], f[2], hour, f[4], f[5], f[6]).atZone(zone);
        } catch (DateTimeException e) {
            throw new GoError("parsing time " + Text.quote(value) + ": " + (f[1] < 1 || f[1] > 12 ? "month" : hour > 23 ? "hour" : f[4] > 59 ? "minute"
                    : f[5] > 59 ? "second" : "day") + " out of range");
        }
    }

    private static GoError bad(String layout, String value, String token, String rest) {
        return new GoError("parsing time " + Text.quote(value) + " as " + Text.quote(layout) + ": cannot parse " + Text.quote(rest) + " as "
                + Text.quote(token));
    }

    private static String take(String token, String rest) {
        String pattern = switch (token) {
            case "January" -> "(?i)(" + String.join("|", MONTHS) + ")";
            case "Jan", "Mon" -> "[A-Za-z]{3}";
            case "Monday" -> "(?i)(" + String.join("|", DAYS) + ")";
            case "2006" -> "[0-9]{4}";
            case "01", "02", "03", "04", "05", "06", "15" -> "[0-9]{2}";
            case "1", "2", "3", "4", "5" -> "[0-9]{1,2}";
            case "_2" -> " ?[0-9]{1,2}";
            case "002", "__2" -> "[ 0-9]{3}";
            case "PM", "pm" -> "(?i)[ap]m";
            case "MST" -> "[A-Z]{3,4}";
            case "Z07:00" -> "Z|[-+][0-9]{2}:[0-9]{2}";
            case "-07:00" -> "[-+][0-9]{2}:[0-9]{2}";
            case "Z0700" -> "Z|[-+][0-9]{4}";
            case "-0700" -> "[-+][0-9]{4}";
            case "Z07" -> "Z|[-+][0-9]{2}";
            case "-07" -> "[-+][0-9]{2}";
            default -> token.charAt(0) == '.' || token.charAt(0) == ',' ? token.charAt(1) == '9' ? "([.,][0-9]{1,9})?"
                    : "[.,][0-9]{" + (token.length() - 1) + "}" : "Z|[-+][0-9:]{6,8}";
        };
        java.util.regex.Matcher m = java.util.regex.Pattern.compile(pattern).matcher(rest);
        return m.lookingAt() ? m.group() : null;
    }

    private static ZoneId set(int[] f, String token, String t) {
        switch (token) {
            case "January", "Jan" -> {
                for (int i = 0; i < 12; i++) {
                    if (MONTHS[i].regionMatches(true, 0, t, 0, 3)) {
                        f[1] = i + 1;
                    }
                }
            }
            case "2006" -> f[0] = Integer.parseInt(t);
            case "06" -> f[0] = Integer.parseInt(t) + (Integer.parseInt(t) >= 69 ? 1900 : 2000);
            case "01", "1" -> f[1] = Integer.parseInt(t);
            case "02", "2", "_2" -> f[2] = Integer.parseInt(t);
            case "15", "03", "3" -> f[3] = Integer.parseInt(t);
            case "04", "4" -> f[4] = Integer.parseInt(t);
            case "05", "5" -> f[5] = Integer.parseInt(t);
            case "PM", "pm" -> f[7] = t.equalsIgnoreCase("pm") ? 1 : 0;
            case "MST" -> {
                return t.equals("UTC") ? ZoneId.of("UTC") : null;
            }
            case "Mon", "Monday", "002", "__2" -> {
            }
            default -> {
                if (t.startsWith(".") || t.startsWith(",")) {
                    f[6] = Integer.parseInt((t.substring(1) + "000000000").substring(0, 9));
                } else if (!t.isEmpty()) {
                    return t.equals("Z") ? ZoneId.of("UTC") : ZoneOffset.of(t);
                }
            }
        }
        return null;
    }
}
