package io.manul.cri.pause;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;

/**
 * The program of the pause container as an ELF file, made of a few dozen machine instructions: it blocks SIGINT, SIGTERM and
 * SIGCHLD, and for ever waits for one of them (rt_sigtimedwait); SIGCHLD: reaps every dead child (it is process 1 where a pod
 * shares its process namespace); SIGTERM or SIGINT: exits with 0. No library, no stack but its start, one page of memory.
 *
 * <p>System call numbers and conventions: Linux, syscall(2); ELF-64 header: System V ABI, chapter 4.
 */
final class PauseProgram {

    private static final long BASE = 0x400000;
    private static final int HEADERS = 64 + 56;

    private PauseProgram() {
    }

    /** @param architecture as Go names it. @throws IllegalArgumentException for one that we have no code for */
    static byte[] elf(String architecture) {
        return switch (architecture) {
            case "amd64" -> elf(62, amd64());
            case "arm64" -> elf(183, arm64());
            default -> throw new IllegalArgumentException("no pause program for architecture " + architecture
                    + "; amd64 and arm64 are there");
        };
    }

    private static byte[] elf(int machine, byte[] code) {
        ByteBuffer file = ByteBuffer.allocate(HEADERS + code.length).order(ByteOrder.LITTLE_ENDIAN);
        file.put(new byte[] {0x7f, 'E', 'L', 'F', 2, 1, 1, 0}).putLong(0);
        file.putShort((short) 2).putShort((short) machine).putInt(1);       // ET_EXEC
        file.putLong(BASE + HEADERS).putLong(64).putLong(0).putInt(0);      // entry, program headers, no sections
        file.putShort((short) 64).putShort((short) 56).putShort((short) 1).putShort((short) 64).putInt(0);
        file.putInt(1).putInt(5).putLong(0).putLong(BASE).putLong(BASE);    // PT_LOAD, read and execute
        file.putLong(file.capacity()).putLong(file.capacity()).putLong(0x1000);
        return file.put(code).array();
    }

    private static byte[] amd64() {
        return bytes("""
                68 02 40 01 00        push 0x14002            # SIGINT | SIGTERM | SIGCHLD
                b8 0e 00 00 00        mov eax, 14             # rt_sigprocmask(SIG_BLOCK, rsp, 0, 8)
                31 ff                 xor edi, edi
                48 89 e6              mov rsi, rsp
                31 d2                 xor edx, edx
                41 ba 08 00 00 00     mov r10d, 8
                0f 05                 syscall
                b8 80 00 00 00        mov eax, 128            # wait: rt_sigtimedwait(rsp, 0, 0, 8)
                48 89 e7              mov rdi, rsp
                31 f6                 xor esi, esi
                31 d2                 xor edx, edx
                41 ba 08 00 00 00     mov r10d, 8
                0f 05                 syscall
                83 f8 11              cmp eax, 17             # SIGCHLD
                74 0c                 je reap
                83 f8 0f              cmp eax, 15             # SIGTERM
                74 23                 je exit
                83 f8 02              cmp eax, 2              # SIGINT
                74 1e                 je exit
                eb db                 jmp wait
                b8 3d 00 00 00        mov eax, 61             # reap: wait4(-1, 0, WNOHANG, 0)
                bf ff ff ff ff        mov edi, -1
                31 f6                 xor esi, esi
                ba 01 00 00 00        mov edx, 1
                45 31 d2              xor r10d, r10d
                0f 05                 syscall
                85 c0                 test eax, eax
                7f e6                 jg reap
                eb bf                 jmp wait
                b8 3c 00 00 00        mov eax, 60             # exit: exit(0)
                31 ff                 xor edi, edi
                0f 05                 syscall
                """);
    }

    private static byte[] arm64() {
        return bytes("""
                ff 43 00 d1           sub sp, sp, #16
                49 00 88 d2           mov x9, #0x4002         // SIGINT | SIGTERM | SIGCHLD
                29 00 a0 f2           movk x9, #1, lsl #16
                e9 03 00 f9           str x9, [sp]
                e8 10 80 d2           mov x8, #135            // rt_sigprocmask(SIG_BLOCK, sp, 0, 8)
                00 00 80 d2           mov x0, #0
                e1 03 00 91           mov x1, sp
                02 00 80 d2           mov x2, #0
                03 01 80 d2           mov x3, #8
                01 00 00 d4           svc #0
                28 11 80 d2           mov x8, #137            // wait: rt_sigtimedwait(sp, 0, 0, 8)
                e0 03 00 91           mov x0, sp
                01 00 80 d2           mov x1, #0
                02 00 80 d2           mov x2, #0
                03 01 80 d2           mov x3, #8
                01 00 00 d4           svc #0
                1f 44 00 71           cmp w0, #17             // SIGCHLD
                c0 00 00 54           b.eq reap
                1f 3c 00 71           cmp w0, #15             // SIGTERM
                a0 01 00 54           b.eq exit
                1f 08 00 71           cmp w0, #2              // SIGINT
                60 01 00 54           b.eq exit
                f4 ff ff 17           b wait
                88 20 80 d2           mov x8, #260            // reap: wait4(-1, 0, WNOHANG, 0)
                00 00 80 92           mov x0, #-1
                01 00 80 d2           mov x1, #0
                22 00 80 d2           mov x2, #1
                03 00 80 d2           mov x3, #0
                01 00 00 d4           svc #0
                1f 00 00 71           cmp w0, #0
                2c ff ff 54           b.gt reap
                eb ff ff 17           b wait
                a8 0b 80 d2           mov x8, #93             // exit: exit(0)
                00 00 80 d2           mov x0, #0
                01 00 00 d4           svc #0
                """);
    }

    /** The hexadecimal pairs in the first 22 columns of each line; what follows is for people. */
    private static byte[] bytes(String listing) {
        String hex = listing.lines().map(line -> line.substring(0, 22).replace(" ", "")).reduce("", String::concat);
        return HexFormat.of().parseHex(hex);
    }
}
