/** Why a database cannot be opened, with what to do; whoever starts the server shows it and stops. */
export class Unusable extends Error {
  override readonly name = "Unusable";
}
