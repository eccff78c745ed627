interface ImportMetaEnv {
  /** The URL of the API, without a trailing slash. */
  readonly VITE_API_URL?: string;
}
