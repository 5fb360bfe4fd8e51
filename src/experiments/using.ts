import { disposeModel, type Model } from '../model/parameters.ts';

/** Uses a model that is being loaded, and disposes it. */
export async function using<T>(loading: Promise<Model>, use: (model: Model) => Promise<T>): Promise<T> {
  const model = await loading;
  try {
    return await use(model);
  } finally {
    disposeModel(model);
  }
}
