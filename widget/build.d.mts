export interface BuiltFile {
  file: string;
  integrity: string;
  /** Bytes as they are, and with brotli 11. */
  raw: number;
  brotli: number;
}
export function buildWidget(options?: { outDir?: string; panel?: boolean }): Promise<Record<string, BuiltFile>>;
