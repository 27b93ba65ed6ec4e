//! The binary: see `cli`.

fn main() {
    print!("{}", ashiato::graphql::schema::sdl());
}
