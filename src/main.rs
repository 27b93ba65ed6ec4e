//! The binary: see `cli`.

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    ashiato::cli::run().await
}
