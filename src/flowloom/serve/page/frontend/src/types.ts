export interface Problem {
  code?: string;
  message: string;
  hint: string;
}

export interface FileCard {
  id: string;
  name: string;
  size: number;
  picture: boolean;
}

export interface Source {
  number: number;
  file: string;
  page: number | null;
  part: string;
  heading: string;
  text: string;
}

export interface Turn {
  number: number;
  role: "user" | "assistant";
  text: string;
  files: FileCard[];
  run?: string;
  good?: boolean | null;
  stopped?: boolean;
  saved?: boolean;
  problem?: Problem | null;
  sources?: Source[];
}

export interface Field {
  name: string;
  type: "text" | "number" | "boolean";
  required: boolean;
  value: string | number | boolean | null;
}

export interface Question {
  id: string;
  title: string;
  text: string;
  exact: string;
  choices: { id: string; label: string }[];
  fields: Field[];
  deadline: number | null;
  remark: boolean;
}

export interface Chat {
  id: string;
  started: number;
  title: string;
  /** Whether whoever made the GPT may read it. */
  shared: boolean;
}

export interface ChatState {
  turns: Turn[];
  run: string | null;
  questions: Question[];
  interrupted: boolean;
  shared: boolean;
}

/** A file that is being added to the next message. */
export interface Adding {
  key: number;
  name: string;
  size: number;
  id?: string;
  problem?: string;
}
