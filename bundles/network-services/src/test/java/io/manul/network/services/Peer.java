package io.manul.network.services;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A machine or pod of a packet test: a process in a network namespace that says on port 8080 (TCP and UDP) who it is and whom
 * it sees, and that asks others when told to on its standard input.
 */
final class Peer implements AutoCloseable {

    private static final int PORT = 8080;
    private static final int MILLIS = 700;
    private final Process process;
    private final BufferedReader answers;
    private final PrintStream questions;

    Peer(Space space, String name) throws IOException {
        String classes = Path.of(Peer.class.getProtectionDomain().getCodeSource().getLocation().getPath()).toString();
        process = new ProcessBuilder("nsenter", "--net=/run/netns/" + space.name, ProcessHandle.current().info().command().orElse("java"),
                "-Xmx32m", "-XX:TieredStopAtLevel=1", "-cp", classes, Peer.class.getName(), name).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        answers = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        questions = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
        if (!"ready".equals(answers.readLine())) {
            throw new IOException(name + " did not start");
        }
    }

    /** @return {@code NAME ADDRESS-SEEN}, {@code refused} or {@code silence} */
    String ask(String protocol, String host, int port) throws IOException {
        return ask(protocol, host, port, 0);
    }

    /** @param from own port; 0 for any */
    String ask(String protocol, String host, int port, int from) throws IOException {
        questions.println(protocol + " " + host + " " + port + " " + from);
        return answers.readLine();
    }

    /** The distinct answers of many questions, sorted. */
    String asks(int times, String protocol, String host, int port) throws IOException {
        List<String> all = new ArrayList<>();
        for (int i = 0; i < times; i++) {
            all.add(ask(protocol, host, port));
        }
        return String.join(", ", all.stream().distinct().sorted().toList());
    }

    @Override
    public void close() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** The process. */
    public static void main(String[] args) throws IOException {
        ServerSocket tcp = new ServerSocket(PORT);
        DatagramSocket udp = new DatagramSocket(PORT);
        Thread.ofPlatform().daemon().start(() -> serve(tcp, args[0]));
        Thread.ofPlatform().daemon().start(() -> serve(udp, args[0]));
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        System.out.println("ready");
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            String[] p = line.split(" ");
            System.out.println(p[0].equals("tcp") ? tcp(p[1], Integer.parseInt(p[2])) : udp(p[1], Integer.parseInt(p[2]), Integer.parseInt(p[3])));
        }
    }

    private static void serve(ServerSocket server, String name) {
        while (true) {
            try (Socket s = server.accept()) {
                s.getOutputStream().write((name + " " + s.getInetAddress().getHostAddress()).getBytes(StandardCharsets.UTF_8));
            } catch (IOException e) {
                System.err.println(name + ": " + e);
            }
        }
    }

    private static void serve(DatagramSocket server, String name) {
        while (true) {
            try {
                DatagramPacket p = new DatagramPacket(new byte[100], 100);
                server.receive(p);
                byte[] answer = (name + " " + p.getAddress().getHostAddress()).getBytes(StandardCharsets.UTF_8);
                server.send(new DatagramPacket(answer, answer.length, p.getSocketAddress()));
            } catch (IOException e) {
                System.err.println(name + ": " + e);
            }
        }
    }

    private static String tcp(String host, int port) {
        try (Socket s = new Socket()) {
            s.connect(new InetSocketAddress(InetAddress.ofLiteral(host), port), MILLIS);
            s.setSoTimeout(MILLIS);
            return shown(new String(s.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
        } catch (SocketTimeoutException e) {
            return "silence";
        } catch (IOException e) {
            return ("" + e.getMessage()).contains("refused") ? "refused" : e.toString();
        }
    }

    private static String udp(String host, int port, int from) {
        try (DatagramSocket s = new DatagramSocket(from)) {
            s.setSoTimeout(MILLIS);
            s.connect(new InetSocketAddress(InetAddress.ofLiteral(host), port));
            s.send(new DatagramPacket(new byte[] {'?'}, 1));
            DatagramPacket p = new DatagramPacket(new byte[100], 100);
            s.receive(p);
            return shown(new String(p.getData(), 0, p.getLength(), StandardCharsets.UTF_8));
        } catch (SocketTimeoutException e) {
            return "silence";
        } catch (IOException e) {
            // a machine that refuses itself is told at once: EPERM
            return e instanceof PortUnreachableException || ("" + e.getMessage()).matches(".*(refused|not permitted).*") ? "refused" : e.toString();
        }
    }

    /** The JDK does not shorten zeros. */
    private static String shown(String answer) {
        return answer.replaceFirst("(:0)+:", "::");
    }
}
