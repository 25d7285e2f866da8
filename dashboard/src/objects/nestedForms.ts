import type { FormInstance } from 'antd';
import { createContext, useContext, useEffect } from 'react';

/** The forms inside of an object's form that edit a member of it, by that member's name: refusals of what is below it are shown there. */
export const NestedForms = createContext<Map<string, FormInstance>>(new Map());

/** That a member of the object is edited by a form of its own, as long as the caller is shown. */
export function useNestedForm(member: string, form: FormInstance) {
  const forms = useContext(NestedForms);
  useEffect(() => {
    forms.set(member, form);
    return () => void forms.delete(member);
  }, [forms, member, form]);
}
