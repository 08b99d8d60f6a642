package io.manul.network.policy;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;

/** A network, its host bits zero. @param text as nft reads it */
record Cidr(boolean six, int bits, String text) {

    static Optional<Cidr> parse(String text) {
        int slash = text.indexOf('/');
        if (slash < 0 || !text.substring(slash + 1).matches("[0-9]{1,3}") || !text.substring(0, slash).matches("[0-9a-fA-F:.]{2,45}")) {
            return Optional.empty();
        }
        try {
            byte[] address = InetAddress.ofLiteral(text.substring(0, slash)).getAddress();
            int bits = Integer.parseInt(text.substring(slash + 1));
            if (bits > address.length * 8) {
                return Optional.empty();
            }
            for (int i = 0; i < address.length; i++) {
                int kept = Math.clamp(bits - i * 8, 0, 8);
                address[i] &= (byte) (0xff00 >> kept);
            }
            return Optional.of(new Cidr(address.length == 16, bits, InetAddress.getByAddress(address).getHostAddress() + "/" + bits));
        } catch (IllegalArgumentException | UnknownHostException e) {
            return Optional.empty();
        }
    }
}
