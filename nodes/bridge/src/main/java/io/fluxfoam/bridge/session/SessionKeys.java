package io.fluxfoam.bridge.session;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;

import javax.crypto.KDF;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import javax.crypto.spec.HKDFParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * What a session's two nonces and the key give: each side's proof that it has the key, and a key of
 * its own for each direction and use, by HKDF-SHA256. Without a key there are none, and all proofs
 * are zeros.
 */
public final class SessionKeys {
    static final int NONCE_BYTES = 32;
    static final int PROOF_BYTES = 32;
    private static final int KEY_BYTES = 32;
    private static final byte[] WARM = new byte[NONCE_BYTES];
    private static final int WARM_BYTES = 64 << 10;
    private static final int WARM_MESSAGES = 2_000;
    private static final long WARM_NS = 2_000_000_000L;
    private static final String PROTOCOL = "flux-foam bridge 1 ";

    private final BridgeKey key;
    private final byte[] nonces;

    SessionKeys(BridgeKey key, byte[] callerNonce, byte[] hostNonce) {
        this.key = key;
        this.nonces = new byte[2 * NONCE_BYTES];
        System.arraycopy(callerNonce, 0, nonces, 0, NONCE_BYTES);
        System.arraycopy(hostNonce, 0, nonces, NONCE_BYTES, NONCE_BYTES);
    }

    /** What proves that this side has the key. */
    byte[] proof(Side side) {
        if (!key.isThere()) {
            return new byte[PROOF_BYTES];
        }
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(derive("proof " + side));
            return mac.doFinal(nonces);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("HMAC-SHA256 of the JDK", e);
        }
    }

    boolean isProof(Side side, byte[] given) {
        return MessageDigest.isEqual(proof(side), given);
    }

    /** What seals the messages that this side sends over the session's own connection. */
    public MessageSeal control(Side sender, boolean seals) {
        return seal("control " + sender, seals);
    }

    /** What seals the tensors, which only the host sends. */
    public MessageSeal tensors(boolean seals) {
        return seal("tensors", seals);
    }

    private MessageSeal seal(String use, boolean seals) {
        return key.isThere() ? new AesSeal(derive(use), seals) : MessageSeal.NONE;
    }

    /**
     * Seals and opens messages of nobody until the JVM has compiled what does it, for a second or
     * so: before that it is a hundred times as slow.
     */
    public static void warmUp() {
        SessionKeys keys = new SessionKeys(BridgeKey.of(new byte[1]), WARM, WARM);
        MessageSeal seals = keys.tensors(true);
        MessageSeal opens = keys.tensors(false);
        byte[] plain = new byte[WARM_BYTES];
        byte[] sealed = new byte[WARM_BYTES + seals.overheadBytes()];
        long endNs = System.nanoTime() + WARM_NS;
        for (long number = 1; number <= WARM_MESSAGES && System.nanoTime() < endNs; number++) {
            int bytes = seals.apply(0, number, plain, 0, plain.length, sealed);
            opens.apply(0, number, sealed, 0, bytes, plain);
        }
    }

    private SecretKey derive(String use) {
        try {
            byte[] info = (PROTOCOL + use).getBytes(StandardCharsets.UTF_8);
            HKDFParameterSpec spec =
                    HKDFParameterSpec.ofExtract()
                            .addIKM(key.secret())
                            .addSalt(nonces)
                            .thenExpand(info, KEY_BYTES);
            return new SecretKeySpec(KDF.getInstance("HKDF-SHA256").deriveData(spec), "AES");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("HKDF-SHA256 of the JDK", e);
        }
    }
}
