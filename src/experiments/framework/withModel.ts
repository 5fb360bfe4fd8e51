import { disposeModel, type Model } from '../../model/parameters.ts';

/** Uses a model that is being loaded, and disposes of it. */
export async function withModel<T>(loading: Promise<Model>, use: (model: Model) => Promise<T>): Promise<T> {
  const model = await loading;
  try {
    return await use(model);
  } finally {
    disposeModel(model);
  }
}
