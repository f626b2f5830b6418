import { Text } from '@mantine/core';
import { ButtonLink } from '../parts/links.tsx';
import { PageHead } from '../parts/page-head.tsx';

export function NotFound({
  title = 'There is nothing here',
  why = 'The address leads nowhere in this console.',
}: {
  title?: string;
  why?: string;
}) {
  return (
    <>
      <PageHead title={title} />
      <Text mb="md">{why}</Text>
      <ButtonLink to="/clients">Find a client</ButtonLink>
    </>
  );
}
