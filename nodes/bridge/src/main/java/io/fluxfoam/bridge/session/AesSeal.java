package io.fluxfoam.bridge.session;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.security.GeneralSecurityException;

import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;

/**
 * AES-256-GCM of the JDK: of what it has, the fastest by far where the CPU has AES, and it hides
 * what it proves. Works on arrays, as only there the JDK uses the CPU's instructions to the full
 * (9.5 GB/s in messages of 64 KiB against 3.6 in direct buffers and 1.3 of HMAC-SHA256). The JDK
 * allocates about 0.9 kB for each message.
 */
final class AesSeal implements MessageSeal {
    private static final int TAG_BYTES = 16;
    private static final int IV_BYTES = 12;
    private static final int NUMBER_AT = 4;
    private static final VarHandle I32 =
            MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle I64 =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private final SecretKey key;
    private final boolean seals;
    private final Cipher cipher;
    private final byte[] iv = new byte[IV_BYTES];

    AesSeal(SecretKey key, boolean seals) {
        this.key = key;
        this.seals = seals;
        try {
            this.cipher = Cipher.getInstance("AES/GCM/NoPadding");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-GCM of the JDK", e);
        }
    }

    @Override
    public int overheadBytes() {
        return TAG_BYTES;
    }

    @Override
    public int apply(int stream, long number, byte[] in, int head, int length, byte[] out) {
        int least = head + (seals ? 0 : TAG_BYTES);
        if (length < least) {
            return REFUSED;
        }
        I32.set(iv, 0, stream);
        I64.set(iv, NUMBER_AT, number);
        try {
            cipher.init(
                    seals ? Cipher.ENCRYPT_MODE : Cipher.DECRYPT_MODE,
                    key,
                    new GCMParameterSpec(8 * TAG_BYTES, iv));
            cipher.updateAAD(in, 0, head);
            System.arraycopy(in, 0, out, 0, head);
            return head + cipher.doFinal(in, head, length - head, out, head);
        } catch (GeneralSecurityException e) {
            if (seals) {
                throw new IllegalStateException("AES-GCM of the JDK", e);
            }
            return REFUSED;
        }
    }
}
