declare const __SSS_VERSION__: string | undefined;

/** Version of the package: put in by the build; `source` when the sources are run as they are (tests). */
export const version: string = typeof __SSS_VERSION__ === 'string' ? __SSS_VERSION__ : 'source';
