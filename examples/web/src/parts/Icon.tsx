const paths = {
  home: 'M4 11.5 12 5l8 6.5V19a1 1 0 0 1-1 1h-4.5v-5h-5v5H5a1 1 0 0 1-1-1z',
  diary: 'M5 19h3.5L19 8.5 15.5 5 5 15.5zM13 7.5l3.5 3.5',
  people: 'M12 11.5a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM5 20c.6-3.8 3.4-5.5 7-5.5s6.4 1.7 7 5.5',
  requests: 'M4 6.5h16v11H4zM4 7l8 6 8-6',
  footprints:
    'M8 9.5c1.6 0 2.4 1.3 2.2 3-.2 1.4-.5 3.5-2 3.5s-2-2-2.2-3.5c-.2-1.7.4-3 2-3zM16 5c1.6 0 2.2 1.3 2 3-.2 1.5-.7 3.5-2.2 3.5s-1.8-2.1-2-3.5c-.2-1.7.6-3 2.2-3zM7 19h2.2M14.8 14.5H17',
};

/** Drawn by its outline, in the colour of the text beside it. It says nothing: the text does. */
export function Icon({ name }: { name: keyof typeof paths }) {
  return (
    <svg className="icon" viewBox="0 0 24 24" width="24" height="24" aria-hidden="true">
      <path d={paths[name]} />
    </svg>
  );
}
