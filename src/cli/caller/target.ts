import { readCallerSettings } from '../../config/caller.ts';
import { OperatorError } from '../../domain/errors.ts';
import { readProfiles, STANDARD_PROFILE } from './profiles.ts';

export interface ConnectionOptions {
  url?: string;
  profile?: string;
}

/** Where the server is and who asks, and where both were found: for the sentence that says what to mend. */
export interface Target {
  url: string;
  urlSource: string;
  token: string;
  tokenSource: string;
}

export function findTarget({ url, profile: name }: ConnectionOptions): Target {
  const settings = readCallerSettings();
  const isNeeded = name !== undefined || settings.token === undefined || (url ?? settings.url) === undefined;
  const profiles = isNeeded ? readProfiles(settings.profilesPath) : new Map<string, never>();
  const profile = profiles.get(name ?? STANDARD_PROFILE);
  if (name !== undefined && profile === undefined)
    throw new OperatorError(
      `There is no profile "${name}" in ${settings.profilesPath}. Make it with: parley login --profile ${name} --url <url>`,
    );

  const ofProfile = `the profile "${name ?? STANDARD_PROFILE}"`;
  const place =
    url !== undefined
      ? { url, urlSource: 'the option --url' }
      : name === undefined && settings.url !== undefined
        ? { url: settings.url, urlSource: 'the variable PARLEY_URL' }
        : profile && { url: profile.url, urlSource: ofProfile };
  if (place === undefined)
    throw new OperatorError('No server is named. Set PARLEY_URL, give --url https://parley.example.com, or run: parley login --url <url>');

  if (name === undefined && settings.token !== undefined)
    return { ...place, token: settings.token.value, tokenSource: settings.token.source };
  if (profile === undefined)
    throw new OperatorError('There is no token. Set PARLEY_TOKEN or PARLEY_TOKEN_FILE, or run: parley login --url <url>');
  // A token is shown to no other server than the one it was given for.
  if (!isSame(place.url, profile.url))
    throw new OperatorError(
      `The token of ${ofProfile} is for ${profile.url}, and ${place.urlSource} names ${place.url}. Set PARLEY_TOKEN, or run: parley login --url ${place.url}`,
    );
  return { ...place, token: profile.token, tokenSource: ofProfile };
}

function isSame(one: string, other: string): boolean {
  return URL.canParse(one) && new URL(one).href === new URL(other).href;
}
