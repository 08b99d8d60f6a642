package io.manul.helm.template;

import io.manul.helm.template.functions.Paths;
import io.manul.helm.template.go.Text;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/** A chart's gzipped tar (POSIX.1-2001 ustar and pax, GNU long names). */
final class Archive {

    private static final long MOST = 100L << 20;
    private static final long MOST_FILE = 5L << 20;
    private static final int MOST_FILES = 20_000;
    private static final int BLOCK = 512;

    private final InputStream in;
    private final List<ChartFile> files = new ArrayList<>();
    private long left = MOST;
    private String longName;

    private Archive(InputStream in) {
        this.in = in;
    }

    static List<ChartFile> read(InputStream tgz) throws IOException, ChartException {
        try (GZIPInputStream unzipped = new GZIPInputStream(tgz, 16 << 10)) {
            Archive a = new Archive(unzipped);
            while (a.entry()) {
                // one after the other
            }
            if (a.files.isEmpty()) {
                throw new ChartException("no files in chart archive");
            }
            return a.files;
        } catch (ZipException e) {
            throw new ChartException("gzip: invalid header");
        } catch (EOFException e) {
            throw new ChartException("unexpected EOF");
        }
    }

    private boolean entry() throws IOException, ChartException {
        byte[] header = in.readNBytes(BLOCK);
        if (header.length == 0 || isEnd(header)) {
            return false;
        }
        if (header.length < BLOCK) {
            throw new ChartException("unexpected EOF");
        }
        check(header);
        long size = number(header, 124, 12);
        char type = (char) header[156];
        String name = name(header);
        switch (type) {
            case 'x', 'g', 'L', 'K' -> {
                if (size > MOST_FILE) {
                    throw new ChartException("archive/tar: header field too long");
                }
                byte[] data = data(size);
                if (type == 'L') {
                    longName = cString(data, 0, data.length);
                } else if (type == 'x') {
                    longName = pax(data);
                }
            }
            case '5' -> {
                longName = null;
                skip(size);
            }
            default -> {
                longName = null;
                file(name, size);
            }
        }
        return true;
    }

    private void file(String name, long size) throws IOException, ChartException {
        if (name.endsWith("/")) {
            skip(size);
            return;
        }
        String path = checked(name);
        if (size > left) {
            throw new ChartException("decompressed chart is larger than the maximum file size " + MOST);
        }
        if (size > MOST_FILE) {
            throw new ChartException("decompressed chart file " + Text.quote(name) + " is larger than the maximum file size " + MOST_FILE);
        }
        if (files.size() >= MOST_FILES) {
            throw new ChartException("chart has more than " + MOST_FILES + " files");
        }
        byte[] data = data(size);
        left -= size;
        if (left <= 0) {
            throw new ChartException("decompressed chart is larger than the maximum file size " + MOST);
        }
        files.add(new ChartFile(path, withoutMark(data)));
    }

    static byte[] withoutMark(byte[] data) {
        boolean marked = data.length >= 3 && (data[0] & 0xff) == 0xef && (data[1] & 0xff) == 0xbb && (data[2] & 0xff) == 0xbf;
        return marked ? Arrays.copyOfRange(data, 3, data.length) : data;
    }

    /** The path below the chart's own folder. */
    private static String checked(String name) throws ChartException {
        String delimiter = name.contains("\\") ? "\\" : "/";
        int first = name.indexOf(delimiter);
        String top = first < 0 ? name : name.substring(0, first);
        String path = first < 0 ? "" : name.substring(first + 1).replace(delimiter, "/");
        if (path.startsWith("/")) {
            throw new ChartException("chart illegally contains absolute paths");
        }
        path = Paths.clean(path);
        if (path.equals(".")) {
            throw new ChartException("chart illegally contains content outside the base directory: " + Text.quote(name));
        }
        if (path.startsWith("..")) {
            throw new ChartException("chart illegally references parent directory");
        }
        if (path.matches("[a-zA-Z]:/.*")) {
            throw new ChartException("chart contains illegally named files");
        }
        if (top.equals("Chart.yaml")) {
            throw new ChartException("chart yaml not in base directory");
        }
        return path;
    }

    private static void check(byte[] header) throws ChartException {
        long sum = 0;
        for (int i = 0; i < BLOCK; i++) {
            sum += i >= 148 && i < 156 ? ' ' : header[i] & 0xff;
        }
        if (sum != number(header, 148, 8)) {
            throw new ChartException("archive/tar: invalid tar header");
        }
    }

    private String name(byte[] header) {
        if (longName != null) {
            return longName;
        }
        String prefix = cString(header, 257, 5).equals("ustar") && header[262] == 0 ? cString(header, 345, 155) : "";
        String name = cString(header, 0, 100);
        return prefix.isEmpty() ? name : prefix + "/" + name;
    }

    private static String pax(byte[] data) {
        String path = null;
        int at = 0;
        while (at < data.length) {
            int space = at;
            while (space < data.length && data[space] != ' ') {
                space++;
            }
            String digits = new String(data, at, space - at, StandardCharsets.ISO_8859_1);
            if (!digits.matches("[0-9]{1,9}") || Integer.parseInt(digits) < digits.length() + 2) {
                break;
            }
            int end = Math.min(data.length, at + Integer.parseInt(digits));
            String record = new String(data, space + 1, Math.max(0, end - space - 2), StandardCharsets.UTF_8);
            if (record.startsWith("path=")) {
                path = record.substring(5);
            }
            at = end;
        }
        return path;
    }

    private byte[] data(long size) throws IOException, ChartException {
        byte[] data = in.readNBytes((int) size);
        if (data.length < size) {
            throw new ChartException("unexpected EOF");
        }
        in.skipNBytes((BLOCK - size % BLOCK) % BLOCK);
        return data;
    }

    private void skip(long size) throws IOException, ChartException {
        if (size < 0 || size > left) {
            throw new ChartException("decompressed chart is larger than the maximum file size " + MOST);
        }
        in.skipNBytes(size + (BLOCK - size % BLOCK) % BLOCK);
    }

    private static boolean isEnd(byte[] header) {
        for (byte b : header) {
            if (b != 0) {
                return false;
            }
        }
        return true;
    }

    private static long number(byte[] header, int at, int length) throws ChartException {
        String text = cString(header, at, length).strip();
        if (!text.matches("[0-7]{0,20}")) {
            throw new ChartException("archive/tar: invalid tar header");
        }
        return text.isEmpty() ? 0 : Long.parseLong(text, 8);
    }

    private static String cString(byte[] data, int at, int length) {
        int end = at;
        while (end < at + length && end < data.length && data[end] != 0) {
            end++;
        }
        return new String(data, at, end - at, StandardCharsets.UTF_8);
    }
}
