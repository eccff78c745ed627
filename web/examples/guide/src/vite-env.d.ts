interface ImportMetaEnv {
  /** Where the API is. */
  readonly VITE_API_URL?: string;
}
