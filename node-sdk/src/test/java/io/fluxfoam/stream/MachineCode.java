package io.fluxfoam.stream;

import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeModel;
import java.lang.classfile.Instruction;
import java.lang.classfile.Label;
import java.lang.classfile.MethodModel;
import java.lang.classfile.Opcode;
import java.lang.classfile.attribute.CodeAttribute;
import java.lang.classfile.instruction.BranchInstruction;
import java.lang.classfile.instruction.IncrementInstruction;
import java.lang.classfile.instruction.LabelTarget;
import java.lang.classfile.instruction.LoadInstruction;
import java.lang.classfile.instruction.ReturnInstruction;
import java.lang.classfile.instruction.StoreInstruction;
import java.lang.classfile.instruction.ThrowInstruction;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A compiled method as {@link Machine} runs it.
 *
 * @param name CLASS.METHOD
 * @param targets for each instruction where it may branch to, or -1
 * @param live for each instruction the locals whose values may still be read, by it or after it; a
 *     bit for each
 */
record MachineCode(
        String name, Instruction[] instructions, int[] targets, long[] live, int maxLocals) {
    static MachineCode read(Class<?> type, String name, String descriptor) {
        try (InputStream in =
                type.getResourceAsStream("/" + type.getName().replace('.', '/') + ".class")) {
            for (MethodModel method : ClassFile.of().parse(in.readAllBytes()).methods()) {
                if (method.methodName().equalsString(name)
                        && method.methodType().equalsString(descriptor)) {
                    return code(type.getSimpleName() + "." + name, method.code().orElseThrow());
                }
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        throw new AssertionError("no such method: " + type + " " + name + descriptor);
    }

    private static MachineCode code(String name, CodeModel model) {
        List<Instruction> instructions = new ArrayList<>();
        Map<Label, Integer> labels = new HashMap<>();
        for (CodeElement element : model) {
            switch (element) {
                case LabelTarget target -> labels.put(target.label(), instructions.size());
                case Instruction instruction -> instructions.add(instruction);
                default -> {}
            }
        }
        if (!model.exceptionHandlers().isEmpty() || maxLocals(model) > Long.SIZE) {
            throw new AssertionError("not understood: " + name);
        }
        int[] targets = new int[instructions.size()];
        for (int i = 0; i < targets.length; i++) {
            targets[i] =
                    instructions.get(i) instanceof BranchInstruction branch
                            ? labels.get(branch.target())
                            : -1;
        }
        Instruction[] all = instructions.toArray(Instruction[]::new);
        return new MachineCode(name, all, targets, live(all, targets), maxLocals(model));
    }

    private static int maxLocals(CodeModel model) {
        return ((CodeAttribute) model).maxLocals();
    }

    /** The usual backward analysis. */
    private static long[] live(Instruction[] instructions, int[] targets) {
        long[] live = new long[instructions.length];
        boolean changed = true;
        while (changed) {
            changed = false;
            for (int i = instructions.length - 1; i >= 0; i--) {
                Instruction instruction = instructions[i];
                boolean falls =
                        !(instruction instanceof ReturnInstruction
                                        || instruction instanceof ThrowInstruction)
                                && instruction.opcode() != Opcode.GOTO;
                long after = (falls ? live[i + 1] : 0) | (targets[i] >= 0 ? live[targets[i]] : 0);
                long before =
                        switch (instruction) {
                            case LoadInstruction load -> after | 1L << load.slot();
                            case StoreInstruction store -> after & ~(1L << store.slot());
                            case IncrementInstruction increment -> after | 1L << increment.slot();
                            default -> after;
                        };
                changed |= live[i] != before;
                live[i] = before;
            }
        }
        return live;
    }
}
