package io.manul.network.dns;

import io.manul.network.dns.wire.Edns;
import io.manul.network.dns.wire.Malformed;
import io.manul.network.dns.wire.Message;
import io.manul.network.dns.wire.Name;
import io.manul.network.dns.wire.Question;
import io.manul.network.dns.wire.Rr;
import io.manul.network.dns.wire.Reader;
import io.manul.network.dns.wire.Type;
import io.manul.network.dns.wire.Writer;
import io.manul.network.dns.zone.Addresses;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.List;
import java.util.Optional;

/** Asks as a resolver does, without asking again. */
record Client(InetSocketAddress server, int millis) {

    Client(InetSocketAddress server) {
        this(server, 6000);
    }

    /** The answer to `NAME TYPE`: code, then data of its answers. */
    String ask(String type, String name) throws IOException, Malformed {
        return text(udp(type, name, Optional.of(Edns.OURS)));
    }

    Message udp(String type, String name, Optional<Edns> edns) throws IOException, Malformed {
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.connect(server);
            socket.setSoTimeout(millis);
            byte[] query = Writer.write(Message.query(4711, Message.RECURSION_DESIRED, new Question(Name.of(name), Type.of(type), 1), edns), 512);
            socket.send(new DatagramPacket(query, query.length));
            DatagramPacket in = new DatagramPacket(new byte[65535], 65535);
            socket.receive(in);
            return Reader.read(in.getData(), in.getLength());
        }
    }

    Message tcp(String type, String name) throws IOException, Malformed {
        try (Socket socket = new Socket()) {
            socket.connect(server, millis);
            socket.setSoTimeout(millis);
            byte[] query = Writer.write(Message.query(4712, Message.RECURSION_DESIRED, new Question(Name.of(name), Type.of(type), 1), Optional.empty()), 512);
            socket.getOutputStream().write(new byte[] {0, (byte) query.length});
            socket.getOutputStream().write(query);
            DataInputStream in = new DataInputStream(socket.getInputStream());
            byte[] answer = new byte[in.readUnsignedShort()];
            in.readFully(answer);
            return Reader.read(answer, answer.length);
        }
    }

    static String text(Message m) {
        return io.manul.network.dns.wire.Rcode.name(m.code()) + m.answers().stream().map(Client::data).sorted().map(s -> " " + s).reduce("", String::concat);
    }

    private static String data(Rr r) {
        return switch (r.type()) {
            case Type.A, Type.AAAA -> Addresses.text(r.data());
            case Type.CNAME, Type.PTR -> r.target().toString();
            case Type.TXT -> new String(r.data(), 1, r.data().length - 1, java.nio.charset.StandardCharsets.UTF_8);
            default -> Type.name(r.type());
        };
    }

    static List<Rr> addresses(Message m) {
        return m.answers().stream().filter(r -> r.type() == Type.A).toList();
    }
}
