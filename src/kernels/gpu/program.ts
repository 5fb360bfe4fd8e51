/**
 * Compute programs: WGSL with its bindings written from a table, an explicit layout from the same table (an automatic
 * one silently reads zeros where a binding is unused), and pipelines that are compiled once a device.
 */
import * as tf from '@tensorflow/tfjs-core';
import { backend } from './backend.ts';

type Buffer = 'read' | 'write' | 'read i32' | 'write i32' | 'read u32';
type Uniform = 'u32' | 'i32' | 'f32';

const KINDS = { u32: 'uint32', i32: 'int32', f32: 'float32' } as const;

/** Storage buffers that every adapter gives; a ninth is garbage without an exception. */
const MOST_BUFFERS = 8;
const MOST_GROUPS = 65535; // along one dimension

export interface Program {
  name: string;
  /** storage buffers by their names in the code, of floats unless it says otherwise; 'write' may be read too */
  buffers: Record<string, Buffer>;
  uniforms: Record<string, Uniform>;
  /** a whole shader module */
  source: string;
}

/**
 * @param code declares `fn run(group: u32, thread: u32)`, called by every one of 64 threads of every workgroup; buffers go
 *   by their names, uniforms by `u.name`
 */
export function program(
  name: string,
  buffers: Record<string, Buffer>,
  uniforms: Record<string, Uniform>,
  code: string,
): Program {
  const names = Object.keys(buffers);
  if (names.length > MOST_BUFFERS) throw new RangeError(`${name} binds ${names.length} storage buffers`);
  const bindings = names.map((buffer, i) => {
    const [access, type = 'f32'] = buffers[buffer].split(' ');
    const mode = access === 'read' ? 'read' : 'read_write';
    return `@group(0) @binding(${i}) var<storage, ${mode}> ${buffer}: array<${type}>;`;
  });
  const members = Object.entries(uniforms).map(([uniform, type]) => `${uniform}: ${type},`);
  const source = `
    ${bindings.join('\n')}
    struct Uniforms { ${members.join(' ')} }
    @group(0) @binding(${names.length}) var<uniform> u: Uniforms;
    ${code}
    @compute @workgroup_size(64)
    fn main(
      @builtin(workgroup_id) id: vec3<u32>,
      @builtin(num_workgroups) groups: vec3<u32>,
      @builtin(local_invocation_index) thread: u32,
    ) {
      run(id.x + id.y * groups.x, thread);
    }`;
  return { name, buffers, uniforms, source };
}

const pipelines = new WeakMap<GPUDevice, Map<Program, GPUComputePipeline>>();

function known(device: GPUDevice): Map<Program, GPUComputePipeline> {
  let compiled = pipelines.get(device);
  if (!compiled) pipelines.set(device, (compiled = new Map<Program, GPUComputePipeline>()));
  return compiled;
}

function description(device: GPUDevice, { name, buffers, source }: Program): GPUComputePipelineDescriptor {
  const visibility = 4; // GPUShaderStage.COMPUTE, a name that Node does not have
  const kinds = Object.values(buffers).map((buffer): GPUBufferBindingType =>
    buffer.startsWith('read') ? 'read-only-storage' : 'storage',
  );
  const entries = [...kinds, 'uniform' as const].map((type, binding) => ({
    binding,
    visibility,
    buffer: { type },
  }));
  const layout = device.createPipelineLayout({
    bindGroupLayouts: [device.createBindGroupLayout({ label: name, entries })],
  });
  return {
    label: name,
    layout,
    compute: { module: device.createShaderModule({ label: name, code: source }) },
  };
}

/**
 * Compiles programs ahead of their first use.
 * @throws Error that names the program, where the device refuses one
 */
export async function compile(device: GPUDevice, programs: readonly Program[]): Promise<void> {
  await Promise.all(
    programs.map(async (program) => {
      try {
        const pipeline = await device.createComputePipelineAsync(description(device, program));
        known(device).set(program, pipeline);
      } catch (error) {
        const why = error instanceof Error ? error.message : String(error);
        throw new Error(`the graphics device refused the program ${program.name}: ${why}`, { cause: error });
      }
    }),
  );
}

/**
 * Records one dispatch of `groups` workgroups. Tensors that are written must be this program's own or meant to change in
 * place. An error of the device shows when a tensor is read: see `watchDevice`.
 */
export function run(
  program: Program,
  tensors: Record<string, tf.TensorInfo | undefined>,
  uniforms: Record<string, number>,
  groups: number,
): void {
  if (groups === 0) return;
  const gpu = backend();
  const { device } = gpu;
  const names = Object.keys(program.buffers);
  const bound = names.map((name) => {
    const tensor = tensors[name];
    if (!tensor) throw new TypeError(`${program.name} was given no ${name}`);
    return tensor;
  });
  // An upload may end the pass, so all of them come before the first command.
  for (const { dataId } of bound) gpu.uploadToGPU(dataId);
  let pipeline = known(device).get(program);
  if (!pipeline) {
    pipeline = device.createComputePipeline(description(device, program));
    known(device).set(program, pipeline);
  }
  const numbers = Object.entries(program.uniforms).map(([name, type]) => ({
    type: KINDS[type],
    data: [uniforms[name]],
  }));
  const resources = [...bound.map((tensor) => gpu.tensorToBinding(tensor)), gpu.makeUniforms(numbers)];
  const group = device.createBindGroup({
    layout: pipeline.getBindGroupLayout(0),
    entries: resources.map((resource, binding) => ({ binding, resource })),
  });
  bound.forEach(({ dataId }, i) => {
    gpu.commandQueueOwnedIds.add(dataId);
    // A copy that an earlier read left on the CPU is no longer what the tensor holds.
    if (program.buffers[names[i]].startsWith('write')) gpu.tensorMap.get(dataId).values = null;
  });
  gpu.ensureCommandEncoderReady();
  const pass = (gpu.computePassEncoder ??= gpu.commandEncoder.beginComputePass());
  pass.setPipeline(pipeline);
  pass.setBindGroup(0, group);
  const rows = Math.ceil(groups / MOST_GROUPS);
  pass.dispatchWorkgroups(Math.ceil(groups / rows), rows);
  gpu.dispatchCountInPass++;
  if (gpu.dispatchCountInPass >= tf.env().getNumber('WEBGPU_DEFERRED_SUBMIT_BATCH_SIZE')) {
    gpu.endComputePassEncoder();
    gpu.submitQueue();
  }
}
